import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../../profiles/errors";
import { readResources } from "../../../estimate/resources/read";

const folder = mkdtempSync(join(tmpdir(), "resources-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: string | Buffer | object) {
  const file = join(folder, "in.json");
  const isText = typeof content === "string" || Buffer.isBuffer(content);
  writeFileSync(file, isText ? content : JSON.stringify(content));
  return readResources(file);
}

/** Modules in modules. */
function nested(depth: number): string {
  return `${'{"child_modules":['.repeat(depth)}{}${"]}".repeat(depth)}`;
}

/** Locals that each name the next one. */
function chain(length: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length }, (_, n) => [`l${n}`, `\${local.l${n + 1}}`]));
}

const emptyPlan = { format_version: "1.2", planned_values: { root_module: {} } };

it.each([
  ["HCL", 'resource "aws_vpc" "main" {}', /in\.json: is not JSON .*terraform show -json/],
  ["lines of something else", "a\n\nb", /^[^\n]*is not JSON [^\n]*$/],
  ["nothing", "", /is not JSON/],
  ["a list", [], /no object at all/],
  ["other JSON", { name: "x" }, /neither a plan nor Terraform JSON/],
  [
    "a plan of format 2",
    { ...emptyPlan, format_version: "2.0" },
    /format_version = "2\.0": only plans of format 1\.x/,
  ],
  ["a plan of format 0", { ...emptyPlan, format_version: "0.2" }, /format_version = "0\.2"/],
  ["a version that is no text", { ...emptyPlan, format_version: 1 }, /format_version = 1: only/],
  [
    "a state file",
    { version: 4, serial: 1, lineage: "x", resources: [] },
    /is a Terraform state, not a plan/,
  ],
  ["a shown state", { format_version: "1.0", values: { root_module: {} } }, /is a Terraform state/],
  ["a shown state without anything", { format_version: "1.0" }, /is a Terraform state/],
  ["a binary plan", Buffer.from("PK\x03\x04rest"), /is a binary plan; .*terraform show -json/],
  ["a failed plan", { ...emptyPlan, errored: true }, /ended with an error/],
  [
    "a plan nested without end",
    `{"format_version":"1.2","planned_values":{"root_module":${nested(3000)}}}`,
    /is nested deeper than 1000 levels/,
  ],
  [
    "locals that never end",
    { terraform: {}, locals: chain(20_000), resource: { aws_vpc: { a: { cidr_block: "${local.l0}" } } } },
    /refers to itself too often/,
  ],
  [
    "a count that fills the memory",
    { resource: { aws_vpc: { a: { count: 1_000_000_000 } } } },
    /^aws_vpc\.a: count = 1000000000: at most 100000 instances/,
  ],
  [
    "a damaged plan",
    { ...emptyPlan, resource_changes: [{ address: 3 }] },
    /resource_changes\.0\.address: must be text/,
  ],
])("refuses %s in one message", (_, content, message) => {
  let error: unknown;
  try {
    read(content);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).faults).toEqual([expect.stringMatching(message)]);
});

it("refuses a file that is not there", () => {
  expect(() => readResources(join(folder, "none.json"))).toThrow(/none\.json: can't be read/);
});

it("reads a plan that makes nothing, and what PowerShell writes", () => {
  expect(read(emptyPlan).resources).toEqual([]);
  const text = Buffer.from(`\uFEFF${JSON.stringify(emptyPlan)}`, "utf16le");
  expect(read(text)).toMatchObject({ resources: [], format: "1.2", source: "plan" });
});
