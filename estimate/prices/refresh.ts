import { parsePriceBook } from "./book";
import type { Price, PriceBook } from "./book";
import type { PriceKey } from "./keys";
import { readOffer } from "./offer-file";
import { offerRows } from "./offers";
import type { OfferRow } from "./offers";

/** A price that moves by more than this is more likely a row that was misread than a price. */
export const largestChange = 0.3;

export interface PriceChange {
  readonly key: PriceKey;
  /** none: the book did not have the price */
  readonly before?: Price;
  readonly after: Price;
  /** largest relative change of a tier; infinite where the tiers begin or end elsewhere */
  readonly by: number;
}

export interface Renewal {
  readonly book: PriceBook;
  readonly changes: readonly PriceChange[];
  /** prices that are left as they are, with the reason */
  readonly kept: ReadonlyMap<PriceKey, string>;
}

/** Gets a file of the AWS Price List. @param path such as `AmazonECS/current/us-east-1/index.json` */
export type FetchOffer = (path: string) => Promise<{ readonly bytes: Buffer; readonly url: string }>;

/**
 * The book with the prices that the AWS Price List has today. Nothing is written.
 *
 * @throws Error if an offer file can't be had or read: half a renewal is none
 */
export async function renewBook(book: PriceBook, fetchOffer: FetchOffer): Promise<Renewal> {
  const rows = Object.entries(offerRows) as [PriceKey, OfferRow][];
  const prices: PriceBook["prices"] = { ...book.prices };
  const kept = new Map<PriceKey, string>();
  for (const key of Object.keys(book.prices) as PriceKey[]) {
    if (!offerRows[key]) kept.set(key, "its row in the Price List is not known");
  }
  const changes: PriceChange[] = [];
  for (const offer of new Set(rows.map(([, row]) => row.offer))) {
    const { bytes, url } = await fetchOffer(`${offer}/current/${book.region}/index.json`);
    const wanted = rows.filter(([, row]) => row.offer === offer);
    const found = readNamed(url, () => readOffer(bytes, book.region, wanted, url));
    for (const [key, reason] of found.missing) if (book.prices[key]) kept.set(key, reason);
    for (const [key, after] of found.prices) {
      const before = book.prices[key];
      const by = before ? changeOf(before, after) : 0;
      if (!before || by > 0) changes.push({ key, before, after, by });
      prices[key] = after;
    }
  }
  const renewed = parsePriceBook({ ...book, prices }, `renewed ${book.region}`);
  return { book: renewed, changes, kept };
}

function readNamed<T>(url: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${url}: ${(error as Error).message}; no price book was changed`);
  }
}

function changeOf(before: Price, after: Price): number {
  const sameTiers =
    before.tiers.length === after.tiers.length &&
    before.tiers.every(({ upTo }, i) => upTo === after.tiers[i]!.upTo);
  if (!sameTiers) return Infinity;
  return Math.max(
    ...before.tiers.map(({ usd }, i) => {
      const now = after.tiers[i]!.usd;
      if (usd === now) return 0;
      return usd === 0 ? Infinity : Math.abs(now - usd) / usd;
    }),
  );
}
