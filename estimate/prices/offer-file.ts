import { z } from "zod";
import type { Price } from "./book";
import { jsonEntries } from "./json-entries";
import type { PriceKey } from "./keys";
import { priceKeys } from "./keys";
import type { OfferRow } from "./offers";
import { usagePrefixes } from "./offers";

const productSchema = z.object({
  sku: z.string(),
  productFamily: z.string().optional(),
  attributes: z.record(z.string(), z.string()),
});

const termsSchema = z.record(
  z.string(),
  z.object({
    effectiveDate: z.string(),
    priceDimensions: z.record(
      z.string(),
      z.object({
        beginRange: z.string(),
        endRange: z.string(),
        pricePerUnit: z.object({ USD: z.string().optional() }),
      }),
    ),
  }),
);

/** Prices of an offer file, and why a wanted one is not among them. */
export interface OfferPrices {
  readonly prices: ReadonlyMap<PriceKey, Price>;
  readonly missing: ReadonlyMap<PriceKey, string>;
}

/**
 * Reads the wanted on-demand prices out of an offer file of the AWS Price List (bulk API, `index.json` of a region).
 * Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
 *
 * @param wanted rows of this offer
 * @param url where it is from; goes into the prices' source
 * @throws SyntaxError if it isn't a whole offer file
 */
export function readOffer(
  bytes: Buffer,
  region: string,
  wanted: readonly (readonly [PriceKey, OfferRow])[],
  url: string,
): OfferPrices {
  const { offerCode, publicationDate } = header(bytes);
  const [offer] = wanted.map(([, row]) => row.offer);
  if (offerCode !== offer) throw new SyntaxError(`is of the offer ${String(offerCode)}, not ${offer}`);
  const date = /^\d{4}-\d\d-\d\d/.exec(String(publicationDate))?.[0];
  if (date === undefined) throw new SyntaxError("has no publicationDate");

  const found = findProducts(bytes, region, wanted);
  const skus = new Set([...found.values()].flat().map(({ sku }) => sku));
  const tiers = new Map<string, Price["tiers"] | undefined>();
  for (const [sku, value] of jsonEntries(bytes, ["terms", "OnDemand"])) {
    if (skus.has(sku)) tiers.set(sku, tiersOf(termsSchema.parse(JSON.parse(value.toString())), date));
  }

  const prices = new Map<PriceKey, Price>();
  const missing = new Map<PriceKey, string>();
  for (const [key, { usageType }] of wanted) {
    const products = found.get(key) ?? [];
    const candidates = new Set(products.map(({ sku }) => JSON.stringify(tiers.get(sku))));
    const [product] = products;
    const priced = product && tiers.get(product.sku);
    if (!product) missing.set(key, `no row with usage type ${usageType}`);
    else if (candidates.size > 1) {
      missing.set(key, `${products.length} rows with usage type ${usageType} and different prices`);
    } else if (!priced) missing.set(key, `no on-demand price from 0 on for ${usageType}`);
    else {
      const source = `AWS Price List, offer ${offer}, usage type ${product.attributes.usagetype}, ${url}`;
      prices.set(key, { unit: priceKeys[key], tiers: priced, source, date });
    }
  }
  return { prices, missing };
}

type Product = z.output<typeof productSchema>;

function header(bytes: Buffer): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [key, value] of jsonEntries(bytes, [])) {
    // Products and terms are too large to be read whole.
    if (value.length < 1000) fields[key] = JSON.parse(value.toString());
  }
  return fields;
}

function findProducts(
  bytes: Buffer,
  region: string,
  wanted: readonly (readonly [PriceKey, OfferRow])[],
): Map<PriceKey, Product[]> {
  const byUsageType = new Map<string, (readonly [PriceKey, OfferRow])[]>();
  for (const entry of wanted) {
    for (const usageType of usageTypesIn(region, entry[1].usageType)) {
      byUsageType.set(usageType, [...(byUsageType.get(usageType) ?? []), entry]);
    }
  }
  const found = new Map<PriceKey, Product[]>();
  for (const [, value] of jsonEntries(bytes, ["products"])) {
    const text = value.toString();
    const usageType = /"usagetype"\s*:\s*"([^"]*)"/.exec(text)?.[1];
    const entries = usageType === undefined ? undefined : byUsageType.get(usageType);
    if (!entries) continue;
    const product = productSchema.parse(JSON.parse(text));
    for (const [key, row] of entries) {
      if (matches(product, row, region)) found.set(key, [...(found.get(key) ?? []), product]);
    }
  }
  return found;
}

function usageTypesIn(region: string, usageType: string): string[] {
  const prefixes = [usagePrefixes[region], region].map((prefix) => `${prefix}-${usageType}`);
  return region === "us-east-1" ? [usageType, ...prefixes] : prefixes;
}

function matches({ productFamily, attributes }: Product, row: OfferRow, region: string): boolean {
  if (attributes.regionCode !== undefined && attributes.regionCode !== region) return false;
  if (row.productFamily !== undefined && productFamily !== row.productFamily) return false;
  return Object.entries(row.attributes ?? {}).every(([name, value]) => attributes[name] === value);
}

/** The tiers of the terms that hold on that day; none where they leave a gap or have no end. */
function tiersOf(terms: z.output<typeof termsSchema>, date: string): Price["tiers"] | undefined {
  const [term] = Object.values(terms)
    .filter(({ effectiveDate }) => effectiveDate.slice(0, 10) <= date)
    .sort((a, b) => (a.effectiveDate < b.effectiveDate ? 1 : -1));
  const dimensions = Object.values(term?.priceDimensions ?? {}).sort(
    (a, b) => Number(a.beginRange) - Number(b.beginRange),
  );
  let end = 0;
  const tiers: Price["tiers"] = [];
  for (const { beginRange, endRange, pricePerUnit } of dimensions) {
    const usd = Number(pricePerUnit.USD ?? NaN);
    if (Number(beginRange) !== end || !Number.isFinite(usd) || usd < 0) return undefined;
    end = endRange === "Inf" ? Infinity : Number(endRange);
    tiers.push({ upTo: end === Infinity ? null : end, usd });
  }
  return end === Infinity ? tiers : undefined;
}
