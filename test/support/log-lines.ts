/**
 * Lines as Lambda and the server write them, in both formats of the platform; one of each kind.
 * Sources: docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html, telemetry-schema-reference.html and
 * snapstart-monitoring.html, 2026-11; the server's: container/retrieval_server/logs.py
 */
const id = "8f507cfc-8f50-4c5f-8f50-8f507cfc8f50";
const report = (...more: string[]) =>
  [
    `REPORT RequestId: ${id}`,
    "Duration: 812.47 ms",
    "Billed Duration: 3521 ms",
    "Memory Size: 4096 MB",
    "Max Memory Used: 1210 MB",
    ...more,
  ].join("\t");
const record = (type: string, of: object) =>
  JSON.stringify({ time: "2026-11-20T08:00:00.000Z", type, record: of });
const jsonReport = (metrics: object) =>
  record("platform.report", {
    requestId: id,
    metrics: {
      durationMs: 812.47,
      billedDurationMs: 3521,
      memorySizeMB: 4096,
      maxMemoryUsedMB: 1210,
      ...metrics,
    },
    status: "success",
  });
const server = (fields: object) =>
  JSON.stringify({ time: "2026-11-20T08:00:00.000Z", level: "info", ...fields });

export const platformLines = {
  text: {
    warm: report(),
    cold: report("Init Duration: 2708.36 ms"),
    restored: report("Restore Duration: 593.92 ms", "Billed Restore Duration: 44 ms"),
    functionTimeout: report("Status: timeout"),
    initTimeout: "INIT_REPORT Init Duration: 9999.56 ms\tPhase: init\tStatus: timeout",
    rerunTimeout: "INIT_REPORT Init Duration: 30000.00 ms\tPhase: invoke\tStatus: timeout",
    provisioned: "INIT_REPORT Init Duration: 4100.12 ms\tPhase: init",
    restore: "RESTORE_REPORT Restore Duration: 593.92 ms",
    start: `START RequestId: ${id} Version: 7`,
  },
  json: {
    warm: jsonReport({}),
    cold: jsonReport({ initDurationMs: 2708.36 }),
    restored: jsonReport({ restoreDurationMs: 593.92, billedRestoreDurationMs: 44 }),
    functionTimeout: record("platform.report", {
      requestId: id,
      metrics: { durationMs: 300_000 },
      status: "timeout",
    }),
    initTimeout: record("platform.initReport", {
      initializationType: "on-demand",
      phase: "init",
      status: "timeout",
      metrics: { durationMs: 9999.56 },
    }),
    rerunTimeout: record("platform.initReport", {
      initializationType: "on-demand",
      phase: "invoke",
      status: "timeout",
      metrics: { durationMs: 30_000 },
    }),
    provisioned: record("platform.initReport", {
      initializationType: "provisioned-concurrency",
      phase: "init",
      status: "success",
      metrics: { durationMs: 4100.12 },
    }),
    restore: record("platform.restoreReport", { status: "success", metrics: { durationMs: 593.92 } }),
    start: record("platform.start", { requestId: id, version: "7" }),
  },
} as const;

export const serverLines = {
  started: server({ event: "started", version: "1", phases_ms: { interpreter: 40 }, total_ms: 2310.5 }),
  request: server({
    event: "request",
    id: "a",
    method: "POST",
    path: "/chat",
    status: 200,
    duration_ms: 12.5,
  }),
  ping: server({ event: "request", id: "b", method: "POST", path: "/events", status: 200, duration_ms: 1.2 }),
  error: JSON.stringify({ time: "2026-11-20T08:00:00.000Z", level: "error", event: "loading failed" }),
} as const;
