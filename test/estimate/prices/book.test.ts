import { parsePriceBook, priceBook, pricedRegions, tieredUsd } from "../../../estimate/prices/book";
import { freeTier } from "../../../estimate/prices/free-tier";
import { InputError } from "../../../profiles/errors";

const regions = ["ap-southeast-2", "eu-central-1", "eu-west-1", "us-east-1", "us-west-2"];

it("there is a book for each region of the project", () => {
  expect(pricedRegions()).toEqual(regions);
});

it.each(regions)("the book of %s is sound, and names a source with a place for each price", (region) => {
  const book = priceBook(region);

  expect(book.region).toBe(region);
  for (const [key, { source }] of Object.entries(book.prices)) {
    expect(`${key}: ${source}`).toMatch(/https:|offer|Price List|[\w-]+\/[\w-]+|\.com|secondary source/);
  }
});

// As the sources print them; no region is another one times a factor.
it.each([
  ["us-east-1", "nat.hour", 0.045],
  ["eu-west-1", "nat.hour", 0.048],
  ["us-east-1", "alb.hour", 0.0225],
  ["eu-west-1", "alb.hour", 0.0252],
  ["us-east-1", "alb.lcuHour", 0.008],
  ["eu-west-1", "alb.lcuHour", 0.008],
  ["eu-west-1", "httpApi.requests", 0.00000111],
  ["us-east-1", "lambda.x86.provisionedIdle", 0.0000041667],
  ["us-east-1", "lambda.x86.provisionedExecution", 0.0000097222],
  ["eu-west-1", "logs.ingestGb", 0.57],
  ["eu-central-1", "fargate.x86.vcpuHour", 0.04656],
  ["ap-southeast-2", "fargate.x86.gbHour", 0.00532],
] as const)("in %s, %s is $%d", (region, key, usd) => {
  expect(priceBook(region).prices[key]!.tiers[0]!.usd).toBe(usd);
});

it("what no source gives is absent", () => {
  expect(priceBook("ap-southeast-2").prices["alb.hour"]).toBeUndefined();
  expect(priceBook("eu-west-1").prices["lambda.streamedGb"]).toBeUndefined();
});

it("an unknown region is refused with those that are known", () => {
  expect(() => priceBook("eu-west-9")).toThrow(
    new InputError([`region = "eu-west-9": must be one of ${regions.join(", ")}`]),
  );
});

const price = { unit: "GB", tiers: [{ upTo: null, usd: 1 }], source: "a page", date: "2026-01-01" };
const book = (prices: Record<string, unknown>) => ({ region: "us-east-1", currency: "USD", prices });

it.each([
  ["a unit that is not the meter's", { "nat.gb": { ...price, unit: "hour" } }, "prices.nat.gb.unit"],
  [
    "tiers that don't rise",
    {
      "nat.gb": {
        ...price,
        tiers: [
          { upTo: 2, usd: 1 },
          { upTo: 1, usd: 1 },
        ],
      },
    },
    "prices.nat.gb.tiers",
  ],
  [
    "a negative price",
    { "nat.gb": { ...price, tiers: [{ upTo: null, usd: -1 }] } },
    "prices.nat.gb.tiers.0.usd",
  ],
  ["no source", { "nat.gb": { ...price, source: "" } }, "prices.nat.gb.source"],
  ["a date in words", { "nat.gb": { ...price, date: "last week" } }, "prices.nat.gb.date"],
  ["a key that nothing is metered by", { "nat.day": price }, "prices"],
])("a book with %s is refused", (_, prices, field) => {
  expect(() => parsePriceBook(book(prices), "book.json")).toThrow(`book.json: ${field}`);
});

describe("tiers", () => {
  const tiered = {
    ...price,
    tiers: [
      { upTo: 10, usd: 3 },
      { upTo: 30, usd: 2 },
      { upTo: null, usd: 1 },
    ],
  };

  it.each([
    [0, 0],
    [10, 30],
    [11, 32],
    [30, 70],
    [100, 140],
  ])("%d units cost $%d", (quantity, usd) => {
    expect(tieredUsd(tiered, quantity)).toBeCloseTo(usd, 12);
  });

  it("beyond the last known tier there is no price", () => {
    const known = { ...price, tiers: [{ upTo: 10, usd: 3 }] };

    expect(tieredUsd(known, 10)).toBe(30);
    expect(tieredUsd(known, 10.1)).toBeUndefined();
  });
});

it("no meter draws on two free amounts", () => {
  const keys = freeTier.flatMap((allowance) => allowance.keys);

  expect(new Set(keys).size).toBe(keys.length);
});
