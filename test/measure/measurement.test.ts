import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addDigest, calibrationFile, calibrationOf, writeCalibration } from "../../cli/calibrations";
import { parseMeasurement, readJson } from "../../measure/measurement";
import { cpusOf, parseSize } from "../../measure/size";
import { doubts, summariseSeries } from "../../measure/summary";
import { digest, measurementOf } from "./sample-measurement";

const truth = { coldMs: () => 500, warmMs: () => 20, coldSigma: 0.05, warmSigma: 0.2 };
const folder = mkdtempSync(join(tmpdir(), "calibrations-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a size", () => {
  it.each([
    ["1769mb", "lambda", 1769, 1],
    ["2048MB", "lambda", 2048, 2048 / 1769],
    ["1vcpu/2gb", "fargate", 2048, 1],
    ["0.25vcpu/0.5gb", "fargate", 512, 0.25],
  ])("%s is of %s, with %d MB and %d vCPU", (text, runtime, memoryMb, vcpu) => {
    expect(parseSize(text)).toMatchObject({ runtime, memoryMb, vcpu });
  });

  it.each([
    ["2048", /must be memory of Lambda like 2048mb, or a pair of Fargate like 1vcpu\/2gb/],
    ["64mb", /Lambda has 128 to 10240 MB/],
    ["3vcpu/8gb", /Fargate has 0.25, 0.5, 1, 2, 4, 8, 16, 32 vCPU/],
    ["1vcpu/1gb", /1 vCPU go with 2, 3, 4, 5, 6, 7, 8 GB/],
  ])("%s is none", (text, message) => expect(() => parseSize(text)).toThrow(message));

  it("gets no more cores than the machine has", () => {
    expect([cpusOf(parseSize("8192mb"), 2), cpusOf(parseSize("1024mb"), 2)]).toEqual([2, 0.579]);
  });
});

describe("the file of a measurement", () => {
  const good = measurementOf(truth, ["1024mb"], undefined, { starts: 1, requests: 1 });

  it("is read as it was written", () => {
    expect(parseMeasurement(JSON.parse(JSON.stringify(good)), "m.json")).toEqual(good);
  });

  it.each([
    [{ ...good, format: 2 }, /m\.json: .*format.*must be 1/],
    [{ ...good, series: [] }, /m\.json: .*series.*must have a series/],
    [{ ...good, when: 1 }, /m\.json: .*when/],
    [{ ...good, target: { ...good.target, digests: ["latest"] } }, /sha256: and 64 hex digits/],
  ])("with a fault is refused, by file and field", (input, message) => {
    expect(() => parseMeasurement(input, "m.json")).toThrow(message);
  });

  it("that is no JSON is refused", () => {
    const file = join(folder, "text");
    writeFileSync(file, "no");
    expect(() => readJson(file)).toThrow(/can't be read as JSON/);
    rmSync(file);
  });
});

describe("a summary", () => {
  const { series } = measurementOf(truth, ["1024mb"], undefined, { starts: 3, requests: 20 });
  const [one] = series;

  it("leaves failures out of the times, and counts them by reason", () => {
    const round = one!.rounds[0]!;
    const failed = [
      { dueMs: 1, lateMs: 0, ms: 60_000, bytes: 0, failure: "timeout" },
      { dueMs: 2, lateMs: 0, ms: 1, bytes: 9, failure: "status 503" },
      { dueMs: 3, lateMs: 0, ms: 1, bytes: 9, failure: "status 503" },
    ];
    const with3 = { ...one!, rounds: [{ ...round, warm: [...round.warm, ...failed] }] };
    expect(summariseSeries(with3)).toEqual({
      ...summariseSeries(one!),
      failures: { timeout: 1, "status 503": 2 },
    });
  });

  it("takes rounds as the sample of warm times", () => {
    const warm = (ms: number) => Array(5).fill({ dueMs: 0, lateMs: 0, ms, bytes: 1 });
    const rounds = [10, 11, 12, 13, 14, 99].map((ms) => ({ cold: [], warm: warm(ms) }));
    expect(summariseSeries({ rounds }).warm!.p95Ms).toEqual({ value: 12.5, low: 10, high: 99 });
  });

  it("doubts requests of a container that met one another", () => {
    // Due every 50 ms, and 80 ms long.
    const found = doubts(measurementOf({ ...truth, warmMs: () => 80 }, ["1024mb"])).join("\n");
    expect(found).toMatch(/1024mb: \d+ % of the requests came before the one before was answered/);
  });

  it("doubts a client that was late, a share that the machine has not, and cold starts that were none", () => {
    const late = measurementOf({ ...truth, coldMs: () => 25 }, ["10240mb"]);
    for (const sample of late.series[0]!.rounds[0]!.warm) sample.lateMs = 30;
    late.series[0]!.size!.cpus = 2;
    late.method.cold = { by: "idle time", minutes: 20, parallel: 1 };
    const found = doubts(late).join("\n");
    expect(found).toMatch(/has 5\.79 vCPU, and was measured with 2/);
    expect(found).toMatch(/sent up to 30\.0 ms late/);
    expect(found).toMatch(/hardly cold starts/);
    expect(doubts(measurementOf(truth, ["1024mb"]))).toEqual([]);
  });
});

describe("a calibration", () => {
  const phase = { ms: 10 };
  const startUp = {
    name: "mine",
    source: "s",
    phases: { image: phase, runtime: phase, imports: phase, model: phase, index: phase },
    digests: [digest("a")],
  };

  it("is found by each digest of its image, also by one that it gets in a registry later", () => {
    const at = (hex: string) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/app@${digest(hex)}`;
    expect(calibrationOf(at("a"), join(folder, "none"))).toBeUndefined();
    writeCalibration(calibrationFile(digest("a"), folder), startUp);
    expect(calibrationOf(at("a"), folder)?.name).toBe("mine");
    expect(calibrationOf(at("c"), folder)).toBeUndefined();
    addDigest(digest("a"), digest("c"), folder);
    expect(calibrationOf(at("c"), folder)?.digests).toEqual([digest("a"), digest("c")]);
    expect(calibrationOf("app:latest", folder)).toBeUndefined();
    addDigest(digest("e"), digest("f"), folder);
    expect(calibrationOf(at("f"), folder)).toBeUndefined();
  });
});
