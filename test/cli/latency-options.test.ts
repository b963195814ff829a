import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { calibrationFile, writeCalibration } from "../../cli/calibrations";
import { addLatencyOptions, latencyOptionsOf } from "../../cli/latency-options";
import { captured } from "../support/command";

const optionsOf = (...words: string[]) =>
  latencyOptionsOf(addLatencyOptions(new Command()).parse(words, { from: "user" }).opts());

/** In a folder of its own: calibrations are found beside image.json. */
const inFolder = <T>(work: () => T): T => {
  const before = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), "calibrated-"));
  try {
    process.chdir(folder);
    return work();
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
};

describe("the calibration of the image", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/app@${digest}`;
  const phase = { ms: 10 };
  const phases = { image: phase, runtime: phase, imports: phase, model: phase, index: phase };
  const optionsFor = (...words: string[]) =>
    latencyOptionsOf(addLatencyOptions(new Command()).parse(words, { from: "user" }).opts(), image);

  it("is used and told where no start-up is named", async () => {
    const names: (string | undefined)[] = [];
    const { stderr } = await captured(async () =>
      inFolder(() => {
        names.push(optionsFor().startUp?.name);
        writeCalibration(calibrationFile(digest), {
          name: "mine",
          source: "measured",
          phases,
          digests: [digest],
        });
        names.push(optionsFor().startUp?.name, optionsFor("--start-up", "note").startUp?.name);
      }),
    );
    expect(names).toEqual([undefined, "mine", "note"]);
    expect(stderr.match(/those measured of this image \(measured\); --start-up overrides/g)).toHaveLength(1);
  });
});

describe("options of a simulation", () => {
  it("are left to the estimate when none is given", () => {
    expect(Object.values(optionsOf()).filter((value) => value !== undefined)).toEqual([]);
  });

  it("are numbers, and a start-up by name", () => {
    const options = optionsOf("--seed", "7", "--runs", "2", "--hours", "168", "--start-up", "note");
    expect(options).toMatchObject({ seed: 7, runs: 2, hours: 168, startUp: { name: "note" } });
  });

  it.each([
    ["--seed", "-1", '--seed = "-1": must be a whole number'],
    ["--runs", "many", '--runs = "many": must be a whole number'],
    ["--hours", "1.5", '--hours = "1.5": must be a whole number'],
    ["--start-up", "slow", '--start-up = "slow": must be note, onnx, torch, light, lexical, or a JSON file'],
  ])("%s %s is refused", (option, value, message) => {
    expect(() => optionsOf(`${option}=${value}`)).toThrow(message);
  });
});
