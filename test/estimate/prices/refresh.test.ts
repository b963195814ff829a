import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { addPricesCommand } from "../../../cli/prices";
import { booksFolder, parsePriceBook, priceBook, pricedRegions } from "../../../estimate/prices/book";
import type { PriceBook } from "../../../estimate/prices/book";
import { decimal, formatBook } from "../../../estimate/prices/format";
import { offerRows, usagePrefixes } from "../../../estimate/prices/offers";
import type { OfferProduct, OfferServer } from "./offer-server";
import { offerFile, serveOffers } from "./offer-server";

let folder: string;
let server: OfferServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "books-"));
  cpSync(booksFolder, folder, { recursive: true });
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

const text = (region: string) => readFileSync(join(folder, `${region}.json`), "utf8");
const book = (region: string) => JSON.parse(text(region)) as PriceBook;

async function refresh(
  answers: Readonly<Record<string, string | number>>,
  ...args: string[]
): Promise<{ status: number; out: string; err: string }> {
  server = await serveOffers(answers);
  const written = { out: "", err: "" };
  const spies = (
    [
      ["stdout", "out"],
      ["stderr", "err"],
    ] as const
  ).map(([stream, name]) =>
    jest.spyOn(process[stream], "write").mockImplementation((piece) => {
      written[name] += String(piece);
      return true;
    }),
  );
  process.exitCode = 0;
  try {
    const program = new Command();
    addPricesCommand(program);
    const command = ["prices", "refresh", "--books", folder, "--from", server.url, ...args];
    await program.parseAsync(command, { from: "user" });
    return { status: Number(process.exitCode), ...written };
  } finally {
    process.exitCode = 0;
    for (const spy of spies) spy.mockRestore();
  }
}

// Usage types of us-east-1: Lambda, NAT, load balancer and logs have no prefix there, the others have.
const fargate: OfferProduct[] = [
  { usagetype: "USE1-Fargate-vCPU-Hours:perCPU", productFamily: "Compute", tiers: [["0", "0.0444000000"]] },
  {
    usagetype: "USE1-Fargate-ARM-vCPU-Hours:perCPU",
    productFamily: "Compute",
    tiers: [["0", "0.0355000000"]],
  },
  {
    usagetype: "USE1-Fargate-Windows-vCPU-Hours:perCPU",
    productFamily: "Compute",
    tiers: [["0", "9.0000000000"]],
  },
];

it("takes the prices of the list, with their source and its date, and leaves the others", async () => {
  const before = book("us-east-1");
  const { status, out } = await refresh(
    { AmazonECS: offerFile("AmazonECS", "us-east-1", fargate) },
    "us-east-1",
  );
  expect(status).toBe(0);
  const { prices } = book("us-east-1");
  expect(prices["fargate.x86.vcpuHour"]).toEqual({
    unit: "vCPU-hour",
    tiers: [{ upTo: null, usd: 0.0444 }],
    source: `AWS Price List, offer AmazonECS, usage type USE1-Fargate-vCPU-Hours:perCPU, ${server!.url}/offers/v1.0/aws/AmazonECS/current/us-east-1/index.json`,
    date: "2026-11-01",
  });
  // ARM has a row of its own: it must not have the price of x86.
  expect(prices["fargate.arm.vcpuHour"]?.tiers).toEqual([{ upTo: null, usd: 0.0355 }]);
  expect(prices["fargate.x86.gbHour"]).toEqual(before.prices["fargate.x86.gbHour"]);
  // 0.04048 to 0.0444 is 9.7 % more.
  expect(out).toContain("fargate.x86.vcpuHour: 0.04048 -> 0.0444 (+9.7 %)");
  expect(out).toContain("fargate.x86.gbHour is left as it was: no row with usage type Fargate-GB-Hours");
});

it("changes no other line of the file", async () => {
  const before = text("us-east-1").split("\n");
  await refresh({ AmazonECS: offerFile("AmazonECS", "us-east-1", fargate.slice(0, 1)) }, "us-east-1");
  const after = text("us-east-1").split("\n");
  expect(after.length).toBe(before.length);
  const changed = after.filter((line, i) => line !== before[i]).map((line) => line.trim().split(":")[0]);
  expect(changed).toEqual(['"tiers"', '"source"', '"date"']);
});

it("asks each offer of the region once, without credentials, and by the bulk file's address", async () => {
  await refresh({}, "eu-west-1");
  const offers = [...new Set(Object.values(offerRows).map(({ offer }) => offer))];
  expect([...server!.asked].sort()).toEqual(
    offers.map((offer) => `/offers/v1.0/aws/${offer}/current/eu-west-1/index.json`).sort(),
  );
});

it("keeps to the rows of the region and of the product", async () => {
  const lambda: OfferProduct[] = [
    { usagetype: "Request", productFamily: "Serverless", tiers: [["0", "0.0000002100"]] },
    // The free tier, Lambda@Edge, and another architecture.
    {
      usagetype: "Global-Request",
      productFamily: "Serverless",
      attributes: { regionCode: "" },
      tiers: [
        ["0", "0"],
        ["1000000", "9"],
      ],
    },
    { usagetype: "Lambda-Edge-Request", productFamily: "Serverless", tiers: [["0", "0.0000006000"]] },
    { usagetype: "Request-ARM", productFamily: "Serverless", tiers: [["0", "0.0000009000"]] },
  ];
  const elb: OfferProduct[] = [
    { usagetype: "LoadBalancerUsage", productFamily: "Load Balancer-Network", tiers: [["0", "0.0230"]] },
    { usagetype: "LoadBalancerUsage", productFamily: "Load Balancer-Application", tiers: [["0", "0.0240"]] },
    {
      usagetype: "TS-LoadBalancerUsage",
      productFamily: "Load Balancer-Application",
      tiers: [["0", "0.0050"]],
    },
    {
      usagetype: "Outposts-LoadBalancerUsage",
      productFamily: "Load Balancer-Application",
      tiers: [["0", "0.0060"]],
    },
  ];
  const ec2: OfferProduct[] = [
    { usagetype: "NatGateway-Hours", productFamily: "NAT Gateway", tiers: [["0", "0.0460"]] },
    { usagetype: "NatGateway-Prvd-Hours", productFamily: "NAT Gateway", tiers: [["0", "0.1"]] },
  ];
  const vpc: OfferProduct[] = [{ usagetype: "USE1-PublicIPv4:InUseAddress", tiers: [["0", "0.0051"]] }];
  const ecr: OfferProduct[] = [
    { usagetype: "TimedStorage-ByteHrs", attributes: { storageType: "S3" }, tiers: [["0", "0.11"]] },
    { usagetype: "TimedStorage-ByteHrs", attributes: { storageType: "other" }, tiers: [["0", "0.5"]] },
  ];
  const { status } = await refresh(
    {
      AWSLambda: offerFile("AWSLambda", "us-east-1", lambda),
      AWSELB: offerFile("AWSELB", "us-east-1", elb),
      AmazonEC2: offerFile("AmazonEC2", "us-east-1", ec2),
      AmazonVPC: offerFile("AmazonVPC", "us-east-1", vpc),
      AmazonECR: offerFile("AmazonECR", "us-east-1", ecr),
    },
    "us-east-1",
  );
  expect(status).toBe(0);
  const { prices } = book("us-east-1");
  const usd = (["lambda.requests", "alb.hour", "nat.hour", "ipv4.addressHour", "ecr.gbMonth"] as const).map(
    (key) => prices[key]?.tiers[0]?.usd,
  );
  expect(usd).toEqual([0.00000021, 0.024, 0.046, 0.0051, 0.11]);
});

it("reads tiers, and the prefix of another region", async () => {
  const rows: OfferProduct[] = [
    {
      usagetype: "EU-ApiGatewayHttpRequest",
      tiers: [
        ["0", "0.0000011100"],
        ["300000000", "0.0000010200"],
      ],
    },
    { usagetype: "ApiGatewayHttpRequest", tiers: [["0", "0.5"]] },
  ];
  await refresh({ AmazonApiGateway: offerFile("AmazonApiGateway", "eu-west-1", rows) }, "eu-west-1");
  expect(book("eu-west-1").prices["httpApi.requests"]?.tiers).toEqual([
    { upTo: 300000000, usd: 0.00000111 },
    { upTo: null, usd: 0.00000102 },
  ]);
});

it("leaves a price that it is not sure of, and says why", async () => {
  const rows: OfferProduct[] = [
    { usagetype: "USE1-Fargate-GB-Hours", tiers: [["0", "0.005"]] },
    { usagetype: "USE1-Fargate-GB-Hours", tiers: [["0", "0.006"]] },
    { usagetype: "USE1-Fargate-ARM-GB-Hours", tiers: [["100", "0.004"]] },
  ];
  const before = text("us-east-1");
  const { out } = await refresh({ AmazonECS: offerFile("AmazonECS", "us-east-1", rows) }, "us-east-1");
  expect(out).toContain("us-east-1: no price changed");
  expect(out).toContain(
    "fargate.x86.gbHour is left as it was: 2 rows with usage type Fargate-GB-Hours and different prices",
  );
  expect(out).toContain(
    "fargate.arm.gbHour is left as it was: no on-demand price from 0 on for Fargate-ARM-GB-Hours",
  );
  expect(out).toContain("cloudMap.discoverCalls is left as it was: its row in the Price List is not known");
  expect(text("us-east-1")).toBe(before);
});

describe("a change above 30 %", () => {
  const dear: OfferProduct[] = [{ usagetype: "USE1-Fargate-GB-Hours", tiers: [["0", "0.0090"]] }, ...fargate];
  const answers = { AmazonECS: offerFile("AmazonECS", "us-east-1", dear) };

  it("is refused with everything else, and shown", async () => {
    const before = text("us-east-1");
    const { status, out, err } = await refresh(answers, "us-east-1");
    expect(status).toBe(1);
    expect(out).toContain("fargate.x86.gbHour: 0.004445 -> 0.009 (+102.5 %)");
    expect(err).toMatch(
      /refused, and nothing written: us-east-1 fargate\.x86\.gbHour changed by more than 30 %.*--accept/,
    );
    expect(text("us-east-1")).toBe(before);
  });

  it("is taken with --accept", async () => {
    const { status } = await refresh(answers, "us-east-1", "--accept");
    expect(status).toBe(0);
    expect(book("us-east-1").prices["fargate.x86.gbHour"]?.tiers).toEqual([{ upTo: null, usd: 0.009 }]);
  });

  it("is one when the tiers are others, and when a price falls to nothing", async () => {
    const rows: OfferProduct[] = [
      {
        usagetype: "USE1-Fargate-GB-Hours",
        tiers: [
          ["0", "0.004445"],
          ["100", "0.004"],
        ],
      },
    ];
    const tiers = await refresh({ AmazonECS: offerFile("AmazonECS", "us-east-1", rows) }, "us-east-1");
    expect([tiers.status, tiers.out]).toEqual([1, expect.stringContaining("0.004 (other tiers)")]);
    await server?.close();
    const free: OfferProduct[] = [{ usagetype: "USE1-Fargate-GB-Hours", tiers: [["0", "0.0"]] }];
    const nothing = await refresh({ AmazonECS: offerFile("AmazonECS", "us-east-1", free) }, "us-east-1");
    expect([nothing.status, nothing.out]).toEqual([1, expect.stringContaining("(-100.0 %)")]);
  });

  it("is not one at 30 % exactly, and is just above", async () => {
    const at = (usd: string) => ({
      AmazonECS: offerFile("AmazonECS", "us-east-1", [
        { usagetype: "USE1-Fargate-vCPU-Hours:perCPU", tiers: [["0", usd]] },
      ]),
    });
    // 0.04048 x 1.3 = 0.052624
    expect((await refresh(at("0.0526230000"), "us-east-1", "--dry-run")).status).toBe(0);
    await server?.close();
    expect((await refresh(at("0.0526250000"), "us-east-1", "--dry-run")).status).toBe(1);
  });
});

it("only shows with --dry-run", async () => {
  const before = text("us-east-1");
  const { status, out } = await refresh(
    { AmazonECS: offerFile("AmazonECS", "us-east-1", fargate) },
    "us-east-1",
    "--dry-run",
    "--json",
  );
  expect(status).toBe(0);
  expect(JSON.parse(out)).toMatchObject([
    { region: "us-east-1", changes: [{ key: "fargate.x86.vcpuHour" }, { key: "fargate.arm.vcpuHour" }] },
  ]);
  expect(text("us-east-1")).toBe(before);
});

it.each([
  [
    "an answer that is cut off",
    offerFile("AWSXRay", "us-east-1", fargate).slice(0, -40),
    /is cut off; no price book was changed/,
  ],
  ["an answer cut off inside a text", offerFile("AWSXRay", "us-east-1", fargate).slice(0, 300), /is cut off/],
  ["a page in place of JSON", "<html></html>", /is not the JSON that was expected/],
  ["another offer", offerFile("AmazonS3", "us-east-1", []), /is of the offer AmazonS3, not AWSXRay/],
  ["a refusal", 403, /answered 403; no price book was changed/],
])("writes nothing after %s, whatever was right before", async (_, answer, message) => {
  const before = text("us-east-1");
  const { status, err } = await refresh(
    { AmazonECS: offerFile("AmazonECS", "us-east-1", fargate), AWSXRay: answer },
    "us-east-1",
  );
  expect(status).toBe(1);
  expect(err).toMatch(message);
  expect(text("us-east-1")).toBe(before);
  expect(readdirSync(folder)).toEqual(readdirSync(booksFolder));
});

it("says offline what stays usable", async () => {
  const before = text("us-east-1");
  // Nothing listens on port 9 of this machine.
  const { status, err } = await refresh({}, "us-east-1", "--from", "http://127.0.0.1:9");
  expect(status).toBe(1);
  expect(err).toMatch(/can't be fetched \(.+\); no price book was changed; all other commands work/);
  expect(text("us-east-1")).toBe(before);
});

it.each([
  ["an unknown region", ["mars-1"], /region = "mars-1": must be one of ap-southeast-2, eu-central-1/],
  [
    "an address without TLS",
    ["--from", "http://example.com"],
    /--from = "http:\/\/example\.com": must be an https address/,
  ],
  ["no address", ["--from", "here"], /--from = "here": must be an https address/],
  ["no book", ["us-east-1", "--books", "/nowhere"], /--books: \/nowhere\/us-east-1\.json: can't be read/],
])("refuses %s with status 2", async (_, args, message) => {
  const { status, err } = await refresh({}, ...args);
  expect([status, err]).toEqual([2, expect.stringMatching(message)]);
  expect(server!.asked).toEqual([]);
});

describe("books", () => {
  it("are written as they stand in the repository", () => {
    for (const region of pricedRegions()) expect(formatBook(priceBook(region))).toBe(text(region));
  });

  it("have a prefix for each region", () => {
    expect(Object.keys(usagePrefixes).sort()).toEqual(pricedRegions());
  });

  it("are read again after a renewal", async () => {
    writeFileSync(
      join(folder, "us-west-2.json"),
      formatBook({ region: "us-west-2", currency: "USD", prices: {} }),
    );
    const rows = [{ usagetype: "USW2-Fargate-GB-Hours", tiers: [["0", "0.0000000309"]] as const }];
    const { out } = await refresh({ AmazonECS: offerFile("AmazonECS", "us-west-2", rows) }, "us-west-2");
    expect(out).toContain("fargate.x86.gbHour: new -> 0.0000000309");
    expect(parsePriceBook(book("us-west-2"), "w").prices["fargate.x86.gbHour"]?.tiers[0]?.usd).toBe(3.09e-8);
  });
});

it.each([
  [0.2, "0.2"],
  [3, "3"],
  [3.09e-8, "0.0000000309"],
  [2e-7, "0.0000002"],
  [0, "0"],
])("writes %p without an exponent", (value, expected) => {
  expect(decimal(value)).toBe(expected);
});
