import { readFileSync } from "node:fs";
import { monthlyUsd, sourceOf, unitUsd } from "../../docs/month-prices";
import { fillIn } from "../../docs/marked";
import { priceBook } from "../../estimate/prices/book";

describe("a figure of the pages", () => {
  const { prices } = priceBook("us-east-1");

  it("is the price of the book for 730 hours, to the cent", () => {
    const vcpu = prices["fargate.x86.vcpuHour"]!.tiers[0]!.usd;
    const gb = prices["fargate.x86.gbHour"]!.tiers[0]!.usd;
    const month = Math.round((vcpu * 730 + gb * 4 * 730) * 100) / 100;
    expect(monthlyUsd({ "fargate.x86.vcpuHour": 1, "fargate.x86.gbHour": 4 })).toBe(`$${month}`);
    expect(readFileSync("docs/profiles.md", "utf8")).toContain(`1 vCPU and 4 GB for 730 h are $${month}`);
  });

  it("names a small price in digits, and where it is from", () => {
    expect(unitUsd("lambda.x86.provisionedIdle")).toMatch(/^\$0\.00000\d+$/);
    expect(Number(unitUsd("lambda.x86.provisionedIdle").slice(1))).toBe(
      prices["lambda.x86.provisionedIdle"]!.tiers[0]!.usd,
    );
    const { source, date } = prices["nat.hour"]!;
    expect(sourceOf("nat.hour", "nat.hour")).toBe(`us-east-1; ${source} (${date})`);
  });
});

describe("a page with marks", () => {
  const page = "before\n<!-- x: made by `npm run docs` -->\nold\n<!-- end of x -->\nafter\n";

  it("keeps what is outside of them", () => {
    expect(fillIn(page, "x", "new")).toBe(page.replace("old", "new"));
  });

  it("must have them", () => {
    expect(() => fillIn(page, "y", "new")).toThrow("the page has no marks <!-- y:");
  });
});
