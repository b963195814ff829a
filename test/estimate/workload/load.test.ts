import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadWorkload, openStreams, parseWorkload, streamShare } from "../../../estimate/workload/load";
import { presets } from "../../../estimate/workload/presets";
import { workloadSchema } from "../../../estimate/workload/workload";
import { InputError } from "../../../profiles/errors";

const folder = mkdtempSync(join(tmpdir(), "workload-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const faultsOf = (action: () => unknown): readonly string[] => {
  try {
    action();
  } catch (error) {
    if (error instanceof InputError) return error.faults;
    throw error;
  }
  throw new Error("nothing was refused");
};
const good = { name: "mine", requestsPerMonth: 7300, service: { ms: 100 } };
const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);

describe("presets", () => {
  it.each(presets.map(({ name }) => name))("%s is whole, says why, and has mean 1 over the week", (name) => {
    const workload = loadWorkload(name);
    expect(workload.name).toBe(name);
    expect(workload.summary.length).toBeGreaterThan(60);
    expect(sum(workload.hourOfWeek)).toBeCloseTo(168, 8);
    expect(sum(workload.paths.map(({ share }) => share))).toBeCloseTo(1, 8);
  });

  it("are what the issue names", () => {
    expect(presets.map(({ name }) => name)).toEqual(["hobby", "team", "product", "heavy-sse"]);
  });

  it("have the open streams that their sentence says", () => {
    // 250,000 streams of 300 s over the 2,628,000 s of a month.
    expect(openStreams(loadWorkload("heavy-sse"))).toBeCloseTo(28.54, 2);
  });
});

describe("a file", () => {
  it("is read as JSON and as YAML", () => {
    const json = loadWorkload(file("w.json", JSON.stringify(good)));
    const yaml = loadWorkload(file("w.yaml", "name: mine\nrequestsPerMonth: 7300\nservice: { ms: 100 }\n"));
    expect(yaml).toEqual(json);
    expect(json).toMatchObject({
      requestsPerMonth: 7300,
      service: { ms: 100, cpuShare: 1 },
      pingsPerHour: 0,
    });
  });

  it("may weigh the hours as it likes", () => {
    const weights = Array.from({ length: 168 }, (_, hour) => (hour === 5 ? 338 : 2));
    const { hourOfWeek } = parseWorkload({ ...good, hourOfWeek: weights }, "w");
    // The mean weight is (338 + 167 * 2) / 168 = 4.
    expect([hourOfWeek[5], hourOfWeek[6]]).toEqual([84.5, 0.5]);
  });

  it("gives the share of streams from those that are open at once", () => {
    // 2 open for 3600 s each are 2 * 730 = 1460 a month, a fifth of 7300.
    const workload = parseWorkload({ ...good, streams: { concurrent: 2, seconds: 3600 } }, "w");
    expect(workload.streams).toMatchObject({ share: 0.2, seconds: 3600, kb: 0 });
    expect(openStreams(workload)).toBeCloseTo(2, 10);
  });

  it("lets a path say how much of it streams", () => {
    const paths = [
      { path: "/chat", share: 0.5, streams: 0.4 },
      { path: "/models", share: 0.3, streams: 0 },
    ];
    // 0.5 x 0.4, nothing of 0.3, and a tenth of the 0.2 that is left.
    const workload = parseWorkload({ ...good, paths, streams: { share: 0.1, seconds: 60 } }, "w");
    expect(streamShare(workload)).toBeCloseTo(0.22, 10);
  });

  it("takes requests and hours from a trace beside it", () => {
    // Monday 2026-08-03, 01:00 to 03:00: 10 requests in the first hour, 30 in the second.
    file(
      "trace.csv",
      "time,requests\n2026-08-03T01:00:00Z,10\n2026-08-03T02:00:00Z,30\n2026-08-03T03:00:00Z,0\n",
    );
    const workload = loadWorkload(file("t.yaml", "name: t\ntrace: trace.csv\nservice: { ms: 100 }\n"));
    expect(workload.trace).toBe(join(folder, "trace.csv"));
    expect(workload.requestsPerMonth).toBe(20 * 730);
    expect(workload.hourOfWeek.slice(0, 4).map((weight) => Number(weight.toFixed(3)))).toEqual([
      1, 0.5, 1.5, 1,
    ]);
  });
});

it.each([
  [
    "a negative number",
    { ...good, requestsPerMonth: -5 },
    "requestsPerMonth = -5: must be a number of 0 or more",
  ],
  ["text for a number", { ...good, responseKb: "4" }, 'responseKb = "4": must be a number of 0 or more'],
  ["no service", { name: "a", requestsPerMonth: 1 }, /^w: service is missing/],
  ["no vCPU", { ...good, service: { ms: 1, vcpu: 0 } }, "service.vcpu = 0: must be above 0"],
  [
    "a share above 1",
    { ...good, streams: { share: 1.5, seconds: 1 } },
    "streams.share = 1.5: must be a share from 0 to 1",
  ],
  [
    "streams of no length",
    { ...good, streams: { share: 0.5 } },
    /streams\.seconds.*must be above 0 when there are streams/,
  ],
  [
    "two ways to say it",
    { ...good, streams: { share: 0.5, concurrent: 3, seconds: 9 } },
    "streams.concurrent = 3: must not stand beside share: one follows from the other",
  ],
  [
    "a path's streams of no length",
    { ...good, paths: [{ path: "/a", share: 1, streams: 1 }] },
    "streams.seconds = 0: must be above 0 when a path has streams",
  ],
  [
    "a path's streams beside open streams",
    { ...good, paths: [{ path: "/a", share: 1, streams: 1 }], streams: { concurrent: 0.01, seconds: 9 } },
    "streams.concurrent = 0.01: must not stand beside streams of a path: one follows from the other",
  ],
  [
    "more open streams than requests",
    { ...good, streams: { concurrent: 100, seconds: 60 } },
    "streams.concurrent = 100: can't be that many with 7300 requests a month of 60 seconds",
  ],
  ["a short week", { ...good, hourOfWeek: [1] }, /hourOfWeek = \[1\]: must be 168 weights/],
  [
    "a week of nothing",
    { ...good, hourOfWeek: Array(168).fill(0) },
    /hourOfWeek = .*must have an hour above 0/,
  ],
  [
    "shares above 1 together",
    {
      ...good,
      paths: [
        { path: "/a", share: 0.6 },
        { path: "/b", share: 0.5 },
      ],
    },
    /paths = .*must have shares that add up to 1 or less/,
  ],
  [
    "a path that is none",
    { ...good, paths: [{ path: "a", share: 1 }] },
    'paths.0.path = "a": must start with /',
  ],
  [
    "a field that is not known",
    { ...good, request: 1 },
    /request = 1: is not a known field; .*workload show/,
  ],
  [
    "a trace beside requests",
    { ...good, trace: "t.csv" },
    "requestsPerMonth: must not stand beside trace, which gives it",
  ],
  ["a trace that is no path", { name: "a", trace: 1 }, "trace = 1: must be the path of a CSV file"],
  ["no object", 5, /\(all of it\) = 5/],
])("refuses %s, naming field, value and what is allowed", (_, input, message) => {
  const faults = faultsOf(() => parseWorkload(input, "w"));
  expect(faults).toEqual([typeof message === "string" ? `w: ${message}` : expect.stringMatching(message)]);
});

it("reports all faults together", () => {
  expect(
    faultsOf(() => parseWorkload({ ...good, requestsPerMonth: -1, pingsPerHour: "x" }, "w")),
  ).toHaveLength(2);
});

it("refuses what is neither a preset nor a file", () => {
  expect(faultsOf(() => loadWorkload("huge"))).toEqual([
    'workload = "huge": must be hobby, team, product, heavy-sse, or a JSON or YAML file',
  ]);
  expect(faultsOf(() => loadWorkload(join(folder, "no.json")))[0]).toMatch(/no\.json": can't be read/);
  expect(faultsOf(() => loadWorkload(file("bad.json", "{")))[0]).toMatch(/is not valid JSON/);
  expect(faultsOf(() => loadWorkload(file("bad.yaml", "a: [")))[0]).toMatch(/is not valid YAML/);
});

it.each([
  [
    "one that is not sorted",
    "time\n2026-08-03T02:00:00Z\n2026-08-03T01:00:00Z\n",
    /request 2 has time = 2026-08-03T01:00:00\.000Z: must not be before .*; sort the trace by time/,
  ],
  [
    "one without times",
    "path\n/a\n",
    /trace\.csv:1: the column "time" is missing; columns are time, requests/,
  ],
  ["an unknown column", "time,latency\n", /column "latency" is unknown/],
  ["a column twice", "time,ms,ms\n", /column "ms" is unknown or there twice/],
  [
    "a time without a zone",
    "time\n2026-08-03T02:00:00\n",
    /trace\.csv:2: time = "2026-08-03T02:00:00": must be like/,
  ],
  [
    "a negative number",
    "time,ms\n2026-08-03T02:00:00Z,-1\n",
    /trace\.csv:2: ms = "-1": must be a number of 0 or more/,
  ],
  ["a short line", "time,ms\n2026-08-03T02:00:00Z\n", /trace\.csv:2: has 1 fields; the head has 2/],
  ["an open quote", 'time,path\n2026-08-03T02:00:00Z,"/a\n', /trace\.csv:2: a quote is not closed/],
  [
    "one of minutes",
    "time\n2026-08-03T02:00:00Z\n2026-08-03T02:20:00Z\n",
    /covers 20 minutes; a workload needs an hour or more/,
  ],
  ["one without requests", "time\n", /has no requests/],
])("refuses a trace: %s", (_, csv, message) => {
  const input = { name: "t", trace: file("trace.csv", csv), service: { ms: 1 } };
  expect(faultsOf(() => parseWorkload(input, "w"))).toEqual([expect.stringMatching(message)]);
});

it("has every field explained in docs/workloads.md", () => {
  const docs = readFileSync(join(__dirname, "../../../docs/workloads.md"), "utf8");
  const fields = Object.keys(workloadSchema.shape);
  expect(fields.filter((field) => !new RegExp(`^\\|.*\`${field}[\`.].*\\|`, "m").test(docs))).toEqual([]);
});
