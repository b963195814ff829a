import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../cli/main";
import { captured } from "../support/command";
import { platformLines } from "../support/log-lines";
import { imageTarget, measurementOf } from "../measure/sample-measurement";

// Named mocks: whatever loads CDKTF or its bindings fails. Only these two files name their packages.
jest.mock("../../modules/cdktf", () => mockRefusal("modules/cdktf"));
jest.mock("../../modules/aws", () => mockRefusal("modules/aws"));

function mockRefusal(file: string): never {
  throw new Error(`${file} is loaded`);
}

const folder = mkdtempSync(join(tmpdir(), "without-bindings-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const plan = "test/review/plans/memory-raised.json";
const truth = { coldMs: () => 300, warmMs: () => 5, coldSigma: 0.05, warmSigma: 0.1 };
const measurement = file(
  "measurement.json",
  JSON.stringify(measurementOf(truth, ["1024mb", "2048mb"], imageTarget())),
);
const log = file("log.txt", `2026-11-24T00:00:00.000Z ${platformLines.text.cold}\n`);
const csv = file("log.csv", "time,ms\n2026-08-03T01:00:00Z,100\n2026-08-03T02:00:00Z,300\n");

const commands = [
  ["--help"],
  ["profiles"],
  ["profiles", "lambda-prod"],
  ["estimate", plan, "--workload", "team"],
  ["prices"],
  ["prices", "show", "us-east-1"],
  ["workload"],
  ["workload", "import", csv, "--json"],
  ["cold-starts", "--file", log],
  ["review", plan, "--no-compare", "--runs", "1", "--hours", "1"],
  ["calibrate", measurement, "--out", join(folder, "calibration.json")],
  ["local", "deploy", "--help"],
  ["recommend", "--help"],
];

it.each(commands.map((args) => ({ args })))("$args does without CDKTF", async ({ args }) => {
  const { status, stdout, stderr } = await captured(() => main(args));
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: expect.not.stringContaining("is loaded") as string,
  });
  expect(stdout).not.toBe("");
});

it("measure does without CDKTF", async () => {
  const server = createServer((_, response) => response.end("hello"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = ["--rate", "50", "--seconds", "0.1", "--rounds", "1", "--out", join(folder, "measured.json")];
  const { status, stderr } = await captured(() => main(["measure", url, "--path", "/", ...args]));
  server.close();
  expect({ status, stderr }).toMatchObject({ status: 0 });
});

it("compare does not: it synthesises, and the mocks are in its way", async () => {
  const { status, stderr } = await captured(() => main(["compare", "lambda-dev", "--workload", "hobby"]));
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("modules/") as string });
});
