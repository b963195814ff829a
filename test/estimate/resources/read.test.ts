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
