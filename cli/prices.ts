import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { Option } from "commander";
import { booksFolder, parsePriceBook, priceBook, pricedRegions } from "../estimate/prices/book";
import type { Price } from "../estimate/prices/book";
import { decimal, formatBook } from "../estimate/prices/format";
import { priceKeys } from "../estimate/prices/keys";
import { largestChange, renewBook } from "../estimate/prices/refresh";
import type { FetchOffer, PriceChange, Renewal } from "../estimate/prices/refresh";
import { runCommand } from "../local/run-command";
import { table } from "../local/table";
import { InputError } from "../profiles/errors";
import { examples } from "./examples";
import { checkOutFile, writeOutFile } from "./out-file";

const priceList = "https://pricing.us-east-1.amazonaws.com";

interface RefreshOptions {
  readonly accept?: boolean;
  readonly dryRun?: boolean;
  readonly from: string;
  readonly books: string;
  readonly json?: boolean;
}

export function addPricesCommand(program: Command): void {
  const prices = program.command("prices").description("the prices that estimates are made with");
  prices
    .command("list", { isDefault: true })
    .description("list the regions with a price book, and how old their prices are")
    .option("--json", "print JSON")
    .action((options: { json?: boolean }) =>
      runCommand(async () => {
        const books = pricedRegions().map((region) => summary(region));
        print(options.json ? json(books) : describeBooks(books));
      }),
    );
  prices
    .command("show")
    .description("show every price of a region with its source and date")
    .argument("<region>", "region, as us-east-1")
    .option("--json", "print JSON")
    .addHelpText("after", examples("prices show us-east-1"))
    .action((region: string, options: { json?: boolean }) =>
      runCommand(async () => {
        const book = priceBook(region);
        print(options.json ? json(book) : describePrices(book.prices));
      }),
    );
  prices
    .command("refresh")
    .description("renew price books from the AWS Price List; needs the internet, but no credentials")
    .argument("[regions...]", "regions (default: all that have a book)")
    .option(
      "--accept",
      `take changes above ${largestChange * 100} % too; without it they are refused, and nothing is written`,
    )
    .option("--dry-run", "show what would change, and write nothing")
    .option("--from <url>", "where the Price List is: https, or a server on this machine", priceList)
    .addOption(
      new Option("--books <folder>", "folder of the price books").default(booksFolder, "the project's own"),
    )
    .option("--json", "print JSON")
    .addHelpText("after", examples("prices refresh eu-central-1 --dry-run"))
    .action((regions: string[], options: RefreshOptions) => runCommand(() => refresh(regions, options)));
}

async function refresh(names: readonly string[], options: RefreshOptions): Promise<void> {
  const fetchOffer = offersFrom(options.from);
  const regions = names.length > 0 ? [...new Set(names)] : pricedRegions();
  const books = regions.map((region) => readBook(region, options.books));
  const fileOf = (region: string) => join(options.books, `${region}.json`);
  // A mistake is told before some hundred megabytes are fetched, not after.
  if (!options.dryRun) for (const region of regions) checkOutFile("--books", fileOf(region), true);
  const renewals: Renewal[] = [];
  for (const book of books) renewals.push(await renewBook(book, fetchOffer));

  print(options.json ? json(renewals.map(asJson)) : renewals.map(describeRenewal).join("\n"));
  const large = renewals.flatMap(({ book, changes }) =>
    changes.filter(({ by }) => by > largestChange).map(({ key }) => `${book.region} ${key}`),
  );
  if (large.length > 0 && !options.accept) {
    throw new Error(
      `refused, and nothing written: ${large.join(", ")} changed by more than ${largestChange * 100} %, or in the tiers; check the price on AWS's page, then use --accept`,
    );
  }
  if (options.dryRun) return;
  for (const { book } of renewals) writeOutFile("--books", fileOf(book.region), formatBook(book));
}

/** @throws InputError if there is no book for the region */
function readBook(region: string, folder: string) {
  if (!pricedRegions().includes(region)) {
    throw new InputError([`region = "${region}": must be one of ${pricedRegions().join(", ")}`]);
  }
  const file = join(folder, `${region}.json`);
  try {
    return parsePriceBook(JSON.parse(readFileSync(file, "utf8")), file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError([`--books: ${file}: can't be read (${(error as Error).message})`]);
  }
}

function offersFrom(base: string): FetchOffer {
  const root = URL.canParse(base) ? new URL(base) : undefined;
  const local = root !== undefined && ["127.0.0.1", "localhost", "[::1]"].includes(root.hostname);
  if (root?.protocol !== "https:" && !(root?.protocol === "http:" && local)) {
    throw new InputError([`--from = "${base}": must be an https address, or one on this machine`]);
  }
  return async (path) => {
    const url = `${base.replace(/\/+$/, "")}/offers/v1.0/aws/${path}`;
    process.stderr.write(`${url}\n`);
    const unchanged =
      "no price book was changed; all other commands work with the prices at hand, without the internet";
    let response: Response;
    let bytes: Buffer;
    try {
      // The largest file, of AmazonEC2, has some hundred megabytes.
      response = await fetch(url, { signal: AbortSignal.timeout(900_000) });
      bytes = Buffer.from(await response.arrayBuffer());
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = cause instanceof Error && cause.message !== "" ? cause.message : message;
      throw new Error(`${url}: can't be fetched (${reason}); ${unchanged}`);
    }
    if (!response.ok) throw new Error(`${url}: answered ${response.status}; ${unchanged}`);
    return { bytes, url };
  };
}

function summary(region: string) {
  const book = priceBook(region);
  const dates = Object.values(book.prices).map(({ date }) => date);
  return {
    region,
    prices: dates.length,
    missing: Object.keys(priceKeys).filter((key) => !(key in book.prices)),
    oldest: dates.reduce((a, b) => (b < a ? b : a)),
    newest: dates.reduce((a, b) => (b > a ? b : a)),
  };
}

function describeBooks(books: readonly ReturnType<typeof summary>[]): string {
  return table(
    [
      ["region", "prices", "missing", "oldest", "newest"],
      ...books.map(({ region, prices, missing, oldest, newest }) => [
        region,
        `${prices}`,
        `${missing.length}`,
        oldest,
        newest,
      ]),
    ],
    (column) => column === 1 || column === 2,
  );
}

function describePrices(prices: Readonly<Record<string, Price>>): string {
  return table([
    ["price", "unit", "USD", "date", "source"],
    ...Object.entries(prices).map(([key, price]) => [
      key,
      price.unit,
      tiersOf(price),
      price.date,
      price.source,
    ]),
  ]);
}

function describeRenewal({ book, changes, kept }: Renewal): string {
  const lines = changes.map(
    (change) =>
      `  ${change.key}: ${change.before ? tiersOf(change.before) : "new"} -> ${tiersOf(change.after)}${percent(change)}`,
  );
  const reasons = [...kept].map(([key, reason]) => `  ${key} is left as it was: ${reason}`);
  const count = changes.length === 0 ? "no price changed" : `${changes.length} prices changed`;
  return [`${book.region}: ${count}`, ...lines, ...reasons].join("\n");
}

function asJson({ book, changes, kept }: Renewal) {
  const shown = changes.map(({ key, before, after, by }) => ({
    key,
    before: before ?? null,
    after,
    // Not a number where the tiers themselves changed, which JSON has no infinity for.
    changedBy: Number.isFinite(by) ? by : null,
  }));
  return { region: book.region, changes: shown, kept: Object.fromEntries(kept) };
}

function percent({ before, after, by }: PriceChange): string {
  if (!before) return "";
  if (!Number.isFinite(by)) return " (other tiers)";
  const rises = after.tiers[0]!.usd >= before.tiers[0]!.usd;
  return ` (${rises ? "+" : "-"}${(by * 100).toFixed(1)} %)`;
}

const tiersOf = ({ tiers }: Price) =>
  tiers.map(({ upTo, usd }) => `${decimal(usd)}${upTo === null ? "" : ` to ${upTo}`}`).join(", ");
const json = (value: unknown) => JSON.stringify(value, null, 2);
const print = (text: string) => void process.stdout.write(`${text}\n`);
