import type { StartSample } from "./server/measure-start";
import { shareOf, shareText } from "./server/shares";
import { adapterLines, startRows, startTable } from "./server/start-report";
import type { StartGroup } from "./server/start-report";

const sample = (answerMs: number, more: Partial<StartSample> = {}): StartSample => ({
  answerMs,
  phasesMs: { imports: answerMs / 2 },
  chargedPeakBytes: 40e6,
  residentPeakBytes: 50e6,
  ...more,
});

const group = (variant: string, samples: StartSample[], more: Partial<StartGroup> = {}): StartGroup => ({
  variant,
  share: shareOf(1.16, 2),
  front: "plain",
  imageBytes: 144e6,
  samples,
  ...more,
});

describe("startRows", () => {
  test("give medians, the 90th percentile and the largest peak", () => {
    const [row] = startRows([
      group("onnx", [
        sample(100, { readyMs: 90, residentPeakBytes: 61e6 }),
        sample(300, { readyMs: 190, phasesMs: { imports: 70, model: 9 } }),
        sample(200, { readyMs: 290 }),
      ]),
    ]);
    expect(row).toMatchObject({
      starts: 3,
      phasesMs: { imports: 70, model: 9 },
      readyMs: { p50: 190, p90: 270 },
      answerMs: { p50: 200, p90: 280 },
      chargedPeakMb: 40,
      residentPeakMb: 61,
      imageMb: 144,
      timesFaster: undefined,
    });
  });

  test("compare with torch of the same share and front only", () => {
    const rows = startRows([
      group("torch", [sample(900)]),
      group("torch", [sample(1800)], { front: "adapter" }),
      group("torch", [sample(3600)], { share: shareOf(0.58, 2) }),
      group("onnx", [sample(100)]),
      group("onnx", [sample(100)], { front: "adapter" }),
    ]);
    expect(rows.map(({ timesFaster }) => timesFaster)).toEqual([1, 1, 1, 9, 18]);
  });
});

test("the table has a column for each phase and a dash for what is unknown", () => {
  const [head, lexical, onnx] = startTable([
    group("lexical", [sample(100, { phasesMs: { imports: 50 } })]),
    group("onnx", [sample(100, { phasesMs: { imports: 50, model: 7 }, readyMs: 80 })]),
  ]).split("\n");
  expect(head).toMatch(/imports +model +ready p50/);
  expect(lexical).toMatch(/ 50 +- +- +- +100 /);
  expect(onnx).toMatch(/ 50 +7 +80 +80 +100 /);
});

test("the adapter's part is the difference to the plain server with the same share", () => {
  const lines = adapterLines([
    group("onnx", [sample(100)]),
    group("onnx", [sample(125, { adapterCpuMs: 5 })], { front: "adapter" }),
    group("onnx", [sample(300, { adapterCpuMs: 5 })], { front: "adapter", share: shareOf(0.58, 2) }),
  ]);
  expect(lines).toEqual([
    "1.16 vCPU, onnx: adapter and emulator add 25 ms (20.0 %); the adapter itself uses 5 ms of processor time",
  ]);
});

describe("a share", () => {
  test.each([
    [0.58, 1024],
    [1.16, 2048],
    [2.32, 4096],
  ])("of %d cores is Lambda's %d MB", (asked, megabytes) => {
    expect(shareOf(asked, 8)).toEqual({ asked, cpus: asked, lambdaMemoryMb: megabytes });
  });

  test("above the machine's cores is capped, and says so", () => {
    expect(shareOf(2.32, 2).cpus).toBe(2);
    expect(shareText(shareOf(2.32, 2))).toBe("2.32 (2 here)");
    expect(shareText(shareOf(1.16, 2))).toBe("1.16");
  });
});
