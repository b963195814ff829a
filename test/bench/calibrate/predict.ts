import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { estimateProfile } from "../../../estimate/estimate";
import type { StartUp } from "../../../estimate/latency/start-up";
import { parseWorkload } from "../../../estimate/workload/load";
import type { WorkloadInput } from "../../../estimate/workload/workload";
import type { Size } from "../../../measure/size";
import { modelOf } from "../../estimate/cost/support";
import { functionOf, httpApi } from "../../estimate/latency/resources";

export type Prediction = Readonly<Record<"cold p50" | "cold p95" | "warm p50" | "warm p95", number>>;

const hour = 3_600_000;
const coldRequests = 5000;

/**
 * What the simulation says of a function of that size in milliseconds, without what no container has: Lambda's own part of
 * a start, and a front door. An hour between two requests makes each a cold start; 20 a second leave hardly one.
 */
export function predicted(startUp: StartUp, size: Size): Prediction {
  const { phases } = startUp;
  const bare = {
    ...startUp,
    phases: { ...phases, image: { ms: 0, waitMs: 0, cv: 0, cores: 0 } },
    doorMs: { httpApi: 0 },
  };
  const resources = modelOf(functionOf("f", { memory_size: size.memoryMb }), ...httpApi("f"));
  const estimate = (traffic: Partial<WorkloadInput>, options: { hours?: number; folder?: string }) =>
    estimateProfile(
      resources,
      parseWorkload({ name: "bench", service: { ms: 0 }, ...traffic }, "bench", options.folder),
      { startUp: bare, band: false, runs: 3, hours: options.hours },
    ).latency;
  const folder = mkdtempSync(join(tmpdir(), "calibrate-"));
  try {
    const monday = Date.parse("2026-11-23T00:00:00Z");
    const times = Array.from({ length: coldRequests }, (_, i) => new Date(monday + i * hour).toISOString());
    writeFileSync(join(folder, "cold.csv"), ["time", ...times].join("\n"));
    const cold = estimate({ trace: "cold.csv" }, { folder });
    const warm = estimate({ requestsPerMonth: 20 * 3600 * 730 }, { hours: 2 });
    expectShare("cold", cold.coldStartShare.value, cold.coldStartShare.value === 1);
    expectShare("warm", warm.coldStartShare.value, warm.coldStartShare.value < 0.005);
    return {
      "cold p50": cold.p50Ms!.value,
      "cold p95": cold.p95Ms!.value,
      "warm p50": warm.p50Ms!.value,
      "warm p95": warm.p95Ms!.value,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function expectShare(what: string, share: number, isRight: boolean): void {
  if (!isRight) throw new Error(`${what} requests were simulated with a share of cold starts of ${share}`);
}
