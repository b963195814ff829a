import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  containerStartMs,
  inRole,
  loadStartUp,
  startUpOf,
  startupSecondsOf,
} from "../../../estimate/latency/start-up";
import { workload } from "../cost/support";

describe("a start that has a name", () => {
  it("is the note's: 10 to 17 s with the image, on one vCPU or more", () => {
    const { phases } = loadStartUp("note");
    const note = loadStartUp("note");
    // 6.5 s of imports, 3 s of model, 1.5 s of index; 2.5 s of image.
    expect([1, 2.32].map((vcpu) => containerStartMs(note, vcpu) + phases.image.ms)).toEqual([13_500, 13_500]);
    expect(containerStartMs(note, 0.5)).toBe(22_000);
  });

  it("is ours as measured: 470 ms at 1.16 vCPU, and nearly 821 ms at 0.58", () => {
    const onnx = loadStartUp("onnx");
    expect(containerStartMs(onnx, 1.16)).toBeCloseTo(470, -1);
    expect(Math.abs(containerStartMs(onnx, 0.58) / 821 - 1)).toBeLessThan(0.05);
  });

  it("is shorter in the light role, where the image is the same", () => {
    const light = inRole(loadStartUp("torch"), { APP_ROLE: "light" });
    expect(containerStartMs(light, 1)).toBe(272);
    expect(light.phases.image).toEqual(loadStartUp("torch").phases.image);
    expect(inRole(loadStartUp("torch"), {})).toEqual(loadStartUp("torch"));
  });
});

it("gives container.startupSeconds: whole seconds at one vCPU, the image's part left out, within 900", () => {
  // 88 + 297 + 82 + 3 ms, and 6.5 + 3 + 1.5 s.
  expect(startupSecondsOf(loadStartUp("onnx"))).toBe(1);
  expect(startupSecondsOf(loadStartUp("note"))).toBe(11);
  const hours = startUpOf(workload({ service: { ms: 1, vcpu: 1, initMs: 3_600_000 } }));
  expect(startupSecondsOf(hours)).toBe(900);
});

describe("a start that a workload gives", () => {
  it.each([
    ["on one thread, measured on two vCPUs", { vcpu: 2 }, [8000, 4000, 4000]],
    ["measured on half a vCPU", { vcpu: 0.5 }, [4000, 2000, 2000]],
    ["measured on vCPUs that nobody noted", {}, [4000, 4000, 4000]],
  ])("%s", (_, service, expected) => {
    const startUp = startUpOf(workload({ service: { ms: 1, initMs: 4000, ...service } }));
    expect([0.5, 1, 4].map((vcpu) => containerStartMs(startUp, vcpu))).toEqual(expected);
  });
});

describe("a start from a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "start-up-"));
  const phase = { ms: 100 };
  const phases = { image: phase, runtime: phase, imports: phase, model: phase, index: phase };
  const write = (content: unknown) => {
    const file = join(folder, "start.json");
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  };

  it("has its phases, on one core and with a spread unless it says otherwise", () => {
    const file = write({ name: "mine", source: "measured", phases });
    expect(loadStartUp(file).phases.model).toEqual({ ms: 100, waitMs: 0, cv: 0.1, cores: 1 });
  });

  it("has a part that no vCPU makes shorter, as a calibration finds it", () => {
    const model = { ms: 100, waitMs: 40 };
    const startUp = loadStartUp(write({ name: "mine", source: "measured", phases: { ...phases, model } }));
    // 300 ms of the other three, 100 and 40 of the model.
    expect([0.5, 1, 2].map((vcpu) => containerStartMs(startUp, vcpu))).toEqual([840, 440, 440]);
  });

  it.each([
    [
      "no such name",
      "nowhere",
      /^--start-up = "nowhere": must be note, onnx, torch, light, lexical, or a JSON file/,
    ],
    ["no such file", "./nowhere.json", /start-up = ".\/nowhere.json": can't be read/],
    ["no JSON", () => write("{"), /can't be read/],
    [
      "a phase below 0",
      () => write({ name: "a", source: "b", phases: { ...phases, model: { ms: -1 } } }),
      /phases.model.ms = -1: must be a number of 0 or more/,
    ],
    [
      "an unknown phase",
      () => write({ name: "a", source: "b", phases: { ...phases, tea: phase } }),
      /phases.tea = .*: is not a known field; docs\/model.md/,
    ],
    ["no source", () => write({ name: "a", phases }), /source/],
  ])("%s is refused", (_, file, message) => {
    expect(() => loadStartUp(typeof file === "string" ? file : file())).toThrow(message);
  });
});
