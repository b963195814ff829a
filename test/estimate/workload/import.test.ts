import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { importLogs } from "../../../estimate/workload/import";
import { parseWorkload } from "../../../estimate/workload/load";
import { synthProfiles } from "../../support/synth";

const folder = mkdtempSync(join(tmpdir(), "import-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

/** Monday 2026-08-03 00:00 UTC and so many seconds. */
const at = (seconds: number) => new Date(Date.UTC(2026, 7, 3) + seconds * 1000).toISOString();
const hour = 3600;

interface Entry {
  readonly second: number;
  readonly path?: string;
  /** -1: no target answered */
  readonly targetSeconds?: number;
  readonly wholeSeconds?: number;
  readonly received?: number;
  readonly sent?: number;
  readonly agent?: string;
  readonly connection?: string;
}

/** A line as in AWS's own example for HTTPS, with a connection id at its end. */
function albLine(entry: Entry): string {
  const { second, path = "/", targetSeconds = 0.1, received = 1024, sent = 2048 } = entry;
  const end = at(second + (entry.wholeSeconds ?? Math.max(0, targetSeconds)));
  return `https ${end} app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086 ${targetSeconds} 0.037 200 200 ${received} ${sent} "GET https://www.example.com:443${path} HTTP/1.1" "${entry.agent ?? "curl/7.46.0"}" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "Root=1-58337281-1d84f3d73c47ec4e58577259" "www.example.com" "arn:aws:acm:us-east-2:123456789012:certificate/12345678-1234-1234-1234-123456789012" 1 ${at(second)} "authenticate,forward" "-" "-" "10.0.0.1:80" "200" "-" "-" ${entry.connection ?? `TID_${second}`}`;
}

describe("the log of a load balancer", () => {
  const entries: Entry[] = [
    { second: 0, path: "/retrieve?q=secret", targetSeconds: 0.2, connection: "TID_a" },
    { second: 10, path: "/retrieve", targetSeconds: 0.4, received: 3072, connection: "TID_a" },
    { second: 20, path: "/chat", targetSeconds: 0.3, wholeSeconds: 30.3, sent: 10240, connection: "TID_b" },
    { second: 4000, path: "/health", targetSeconds: -1, connection: "TID_b" },
    { second: 2 * hour, path: "/health", agent: "Amazon-Route53-Health-Check-Service (ref 1)" },
  ];
  const lines = entries.map(albLine);
  const { traffic, ...rest } = importLogs([file("alb.log", lines.join("\n"))]);

  it("gives rates, shares, sizes and times", () => {
    // 3 requests in the first hour and 1 in the second; the other hours have the mean of both, 2.
    expect(traffic.requestsPerMonth).toBe(2 * 730);
    expect(traffic.hourOfWeek?.slice(0, 3)).toEqual([1.5, 0.5, 1]);
    expect(rest).toEqual({ serviceMs: 300, requests: 4, hours: 2, hoursNotCovered: 166 });
    expect(traffic.paths).toEqual([
      { path: "/retrieve", share: 0.5, streams: 0, ms: 300 },
      { path: "/chat", share: 0.25, streams: 1, ms: 300 },
      { path: "/health", share: 0.25, streams: 0 },
    ]);
    expect(traffic).toMatchObject({ requestKb: 1.5, responseKb: 2, connections: { requestsEach: 2 } });
  });

  it("takes answers that go on for streams, and monitors for pings", () => {
    expect(traffic.streams).toEqual({ share: 0.25, seconds: 30, kb: 10 });
    expect(traffic.pingsPerHour).toBe(0.5);
  });

  it("gives the burst: the busiest minute over its hour", () => {
    // 3 in one minute, 3 in its hour of 60 minutes.
    expect(traffic.burstFactor).toBe(60);
  });

  it("is the same in any order, over several files, and as gzip", () => {
    const parts = [
      file("b.log.gz", gzipSync([lines[4], lines[1]].join("\n"))),
      file("a.log", [lines[3], lines[0], lines[2]].join("\n")),
    ];
    expect(importLogs(parts)).toEqual({ traffic, ...rest });
  });

  it("keeps no address, query or host", () => {
    expect(JSON.stringify(traffic)).not.toMatch(/192\.168|secret|example\.com|TID_/);
  });

  it("is a workload that can be loaded again", () => {
    const workload = parseWorkload({ name: "i", ...traffic, service: { ms: rest.serviceMs } }, "w");
    expect(workload).toMatchObject({ requestsPerMonth: 1460, pingsPerHour: 0.5 });
  });
});

describe("the log of API Gateway", () => {
  // The very format that the module sets, filled in as API Gateway does.
  const { templates } = synthProfiles([
    {
      name: "log",
      summary: "A profile with an access log",
      services: { api: { runtime: "lambda" } },
      ingress: { kind: "apiGateway" },
      routes: [{ path: "/*", to: "api" }],
    },
  ]);
  const format = JSON.stringify(templates.get("log"))
    .match(/\{\\+"requestId\\+".*?\}/)![0]
    .replace(/\\+"/g, '"');
  const line = (time: string, path: string, bytes: string, integrationMs: string) =>
    format
      .replace("$context.requestTime", time)
      .replace("$context.path", path)
      .replace("$context.responseLength", bytes)
      .replace("$context.responseLatency", "260")
      .replace("$context.integrationLatency", integrationMs);

  it("is read as our module writes it, with what CloudWatch puts before an exported line", () => {
    const log = file(
      "api.jsonl",
      [
        line("03/Aug/2026:00:00:00 +0000", "/retrieve", "2048", "250"),
        `2026-08-03T01:00:00.000Z ${line("03/Aug/2026:02:00:00 +0100", "/chat", "4096", "-")}`,
      ].join("\n"),
    );
    const { traffic, ...rest } = importLogs([log]);
    // Without the integration's time, the whole time stands: (250 + 260) / 2.
    expect(rest).toEqual({ serviceMs: 255, requests: 2, hours: 1, hoursNotCovered: 167 });
    expect(traffic.responseKb).toBe(3);
    expect(traffic.requestKb).toBeUndefined();
    expect(traffic.paths?.map(({ path }) => path)).toEqual(["/chat", "/retrieve"]);
  });

  it.each([
    [
      "a time of another kind",
      line("2026-08-03", "/", "1", "1"),
      /time = "2026-08-03": must be like 09\/Apr/,
    ],
    [
      "no number",
      line("03/Aug/2026:00:00:00 +0000", "/", "many", "1"),
      /responseBytes = "many": must be a number/,
    ],
    ["a line cut off", '{"time": "03/Aug', /api\.jsonl:1: is not JSON/],
    ["no path", '{"time": "03/Aug/2026:00:00:00 +0000"}', /path is missing: must be a path/],
  ])("names line and field of %s", (_, text, message) => {
    expect(() => importLogs([file("api.jsonl", text)])).toThrow(message);
  });
});

it("reads CSV, quoted where it must be, with times in seconds too", () => {
  const csv = file(
    "t.csv",
    `\uFEFFtime,path,ms,requests\r\n${Date.UTC(2026, 7, 3) / 1000},"/a,b",100,3\r\n${at(hour)},/c,500,1\r\n`,
  );
  const { traffic, serviceMs } = importLogs([csv]);
  expect(serviceMs).toBe(200);
  expect(traffic.paths).toEqual([
    { path: "/a,b", share: 0.75, ms: 100 },
    { path: "/c", share: 0.25, ms: 500 },
  ]);
});

it("weighs the hours of several weeks by how often the log has them", () => {
  // Mondays 00:00 in three weeks, 12, 6 and 0 requests, up to the fourth Monday.
  const rows = [12, 6, 0, 0].map((requests, week) => `${at(week * 168 * hour)},${requests}`);
  const { traffic, hoursNotCovered } = importLogs([file("weeks.csv", `time,requests\n${rows.join("\n")}\n`)]);
  expect(hoursNotCovered).toBe(0);
  // 18 requests in three weeks: 6 in the first hour of each, and none in the others.
  expect(traffic.requestsPerMonth).toBe(Math.round((6 / 168) * 730));
  expect(traffic.hourOfWeek?.slice(0, 2)).toEqual([168, 0]);
});

it("counts rare paths under /, and never more than all requests", () => {
  const rows = Array.from(
    { length: 3000 },
    (_, i) => `${at(i * 3)},${i % 3 === 0 ? "/often" : `/item/${i}`}`,
  );
  const { traffic } = importLogs([file("ids.csv", `time,path\n${rows.join("\n")}\n`)]);
  expect(traffic.paths).toEqual([
    { path: "/often", share: 0.333333 },
    { path: "/", share: 0.666666 },
  ]);
});

it.each([
  [
    "another log",
    "127.0.0.1 - - [10/Oct/2000:13:55:36 -0700]",
    /x\.log:1: is not a line of a known log; give access logs/,
  ],
  ["an empty file", "", /x\.log: is empty/],
  [
    "a short line",
    `${albLine({ second: 0 })}\nhttps 2026-08-03T00:00:00Z app/lb`,
    /x\.log:2: is not a line of an ALB's access log: it has 3 fields/,
  ],
  [
    "no number",
    albLine({ second: 0 }).replace(" 1024 2048 ", " many 2048 "),
    /x\.log:1: receivedBytes = "many": must be a number/,
  ],
  [
    "no time",
    albLine({ second: 0 }).replace(/ 1 \S+ "authenticate/, ' 1 now "authenticate'),
    /x\.log:1: created = "now": must be like/,
  ],
])("names file, line and field of %s", (_, text, message) => {
  expect(() => importLogs([file("x.log", text)])).toThrow(message);
});

it("takes time in proportion to the lines", () => {
  const seconds = (lines: number) => {
    const text = Array.from({ length: lines }, (_, i) => albLine({ second: i, path: `/p/${i}` })).join("\n");
    const log = file("big.log", text);
    const start = process.cpuUsage();
    importLogs([log]);
    return process.cpuUsage(start).user;
  };
  seconds(4000);
  const few = Math.min(seconds(4000), seconds(4000));
  const many = Math.min(seconds(16000), seconds(16000));
  // Four times the lines; sixteen times the time would be quadratic.
  expect(many / few).toBeLessThan(9);
});
