import type { Price, PriceBook } from "./book";

/** A book as it stands in its file, so that a renewal changes only the lines of changed prices. */
export function formatBook({ region, currency, prices }: PriceBook): string {
  const entries = Object.entries(prices).map(
    ([key, price]) => `    ${JSON.stringify(key)}: ${format(price)}`,
  );
  return `{\n  "region": ${JSON.stringify(region)},\n  "currency": ${JSON.stringify(currency)},\n  "prices": {\n${entries.join(",\n")}\n  }\n}\n`;
}

function format({ unit, tiers, source, date }: Price): string {
  const rows = tiers.map(({ upTo, usd }) => `{ "upTo": ${upTo}, "usd": ${decimal(usd)} }`);
  const list = rows.length === 1 ? `[${rows[0]}]` : `[\n        ${rows.join(",\n        ")}\n      ]`;
  return [
    "{",
    `      "unit": ${JSON.stringify(unit)},`,
    `      "tiers": ${list},`,
    `      "source": ${JSON.stringify(source)},`,
    `      "date": ${JSON.stringify(date)}`,
    "    }",
  ].join("\n");
}

/** All digits, without an exponent: as AWS prints prices. */
export function decimal(value: number): string {
  const [mantissa, exponent] = value.toString().split("e-");
  if (exponent === undefined) return mantissa!;
  const [whole, fraction = ""] = mantissa!.split(".");
  return `0.${"0".repeat(Number(exponent) - 1)}${whole}${fraction}`;
}
