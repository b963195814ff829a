import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../profiles/errors";
import { describeIssue } from "../../profiles/parse";
import type { PriceKey } from "./keys";
import { priceKeys } from "./keys";

const tierSchema = z.strictObject({
  /** the tier holds up to this quantity a month; null: without end */
  upTo: z.number().positive("must be above 0").nullable(),
  usd: z.number().min(0, "must be 0 or more"),
});

const priceSchema = z.strictObject({
  unit: z.string(),
  /** from the first unit of a month on, cheapest quantity last */
  tiers: z.array(tierSchema).min(1, "must have a tier"),
  source: z.string().min(1, "must name where the price is from"),
  /** of the offer, else of the copy that was read; as exact as known */
  date: z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, "must be YYYY, YYYY-MM or YYYY-MM-DD"),
});

const keys = Object.keys(priceKeys) as [PriceKey, ...PriceKey[]];

const bookSchema = z
  .strictObject({
    region: z.string(),
    currency: z.literal("USD"),
    prices: z.partialRecord(z.enum(keys), priceSchema),
  })
  .check((context) => {
    for (const [key, price] of Object.entries(context.value.prices)) {
      const fault = (field: string, message: string, value: unknown) =>
        context.issues.push({
          code: "custom",
          path: ["prices", key, field],
          message,
          input: context.value,
          params: { value },
        });
      const unit = priceKeys[key as PriceKey];
      if (price.unit !== unit) fault("unit", `must be ${unit}`, price.unit);
      const ends = price.tiers.map((tier) => tier.upTo ?? Infinity);
      if (ends.some((end, i) => i > 0 && end <= ends[i - 1]!)) fault("tiers", "must rise in upTo", ends);
    }
  });

/** What AWS charges for one item: USD for each unit, in tiers by the quantity of a month. */
export type Price = z.output<typeof priceSchema>;

/** Prices of a region, on demand, without tax. A price that is not known is not there. */
export type PriceBook = z.output<typeof bookSchema>;

/** Folder of the books, one JSON file a region. */
export const booksFolder = join(__dirname, "books");

/** Regions with a price book. */
export function pricedRegions(): string[] {
  return readdirSync(booksFolder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

const read = new Map<string, PriceBook>();

/** @throws InputError if there is no book for the region, naming the regions that have one */
export function priceBook(region: string): PriceBook {
  const known = read.get(region);
  if (known) return known;
  const regions = pricedRegions();
  if (!regions.includes(region)) {
    throw new InputError([`region = ${JSON.stringify(region)}: must be one of ${regions.join(", ")}`]);
  }
  const file = join(booksFolder, `${region}.json`);
  const book = parsePriceBook(JSON.parse(readFileSync(file, "utf8")), file);
  read.set(region, book);
  return book;
}

/** @throws InputError with all faults of the book */
export function parsePriceBook(input: unknown, label: string): PriceBook {
  const result = bookSchema.safeParse(input);
  if (result.success) return result.data;
  throw new InputError(
    result.error.issues.flatMap((issue) => describeIssue(issue, input)).map((fault) => `${label}: ${fault}`),
  );
}

/**
 * What a quantity of a month costs: each tier's part at that tier's price.
 *
 * @returns USD; undefined where the book does not know the price of the last part
 */
export function tieredUsd(price: Price, quantity: number): number | undefined {
  let usd = 0;
  let below = 0;
  for (const { upTo, usd: unitUsd } of price.tiers) {
    const end = upTo ?? Infinity;
    if (quantity > below) usd += (Math.min(quantity, end) - below) * unitUsd;
    below = end;
  }
  return quantity > below ? undefined : usd;
}
