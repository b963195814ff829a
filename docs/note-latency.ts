import { estimateProfile } from "../estimate/estimate";
import type { ProfileEstimate } from "../estimate/estimate";
import type { StartUp } from "../estimate/latency/start-up";
import { loadStartUp } from "../estimate/latency/start-up";
import type { ResourceModel } from "../estimate/resources/resource";
import { parseWorkload } from "../estimate/workload/load";
import type { Workload } from "../estimate/workload/workload";
import { resourcesOfProfiles } from "../cli/profile-resources";
import { findProfile } from "../profiles/load";
import { parseSettings } from "../stacks/settings";
import { noteInput, withFunction, withProvisioned } from "./note-configurations";

/** Four weeks, twice: enough for what two digits show, and quick. */
const runs = { runs: 2, hours: 672, band: false };

interface Configuration {
  readonly section: string;
  /** what the note says of cold starts and of warm answers there */
  readonly cold: string;
  readonly warm: string;
  readonly here: string;
  readonly model: ResourceModel;
  /** makes no difference to a server that starts within Lambda's limit */
  readonly longStartsOnly?: boolean;
}

/** A server with the time that it takes to start, and to answer. */
interface Server {
  readonly name: string;
  readonly startUp: StartUp;
  readonly workload: Workload;
}

function configurations(): Configuration[] {
  const names = ["lambda-dev", "lambda-prod", "fargate-sse"];
  const [dev, prod, sse] = resourcesOfProfiles(
    names.map((name) => findProfile(name, {})),
    parseSettings({ env: {}, context: {} }),
  ).map(({ model }) => model) as [ResourceModel, ResourceModel, ResourceModel];
  const development = { section: "Development/Testing", cold: "10-17 s", warm: "1-2 s" };
  const moderate = { section: "Production (Moderate Traffic)", cold: "7-12 s (rare)", warm: "< 1 s" };
  return [
    { ...development, here: "`lambda-dev`", model: dev },
    {
      ...development,
      here: "`lambda-dev`, asynchronous start",
      model: asynchronous(dev),
      longStartsOnly: true,
    },
    { ...moderate, here: "`lambda-prod`", model: prod },
    {
      ...moderate,
      here: "`lambda-prod`, asynchronous start",
      model: asynchronous(prod),
      longStartsOnly: true,
    },
    {
      section: "Production (High Traffic)",
      cold: "Never",
      warm: "< 1 s",
      here: "`lambda-prod` with provisioned concurrency of 1",
      model: withProvisioned(prod),
    },
    {
      section: "Alternative: ECS Fargate",
      cold: "none: always warm",
      warm: "sub-second always",
      here: "`fargate-sse`",
      model: sse,
    },
  ];
}

/** As `container.startupSeconds` of 9 or more in a profile makes it. */
function asynchronous(model: ResourceModel): ResourceModel {
  return withFunction(model, { environment: { variables: { AWS_LWA_ASYNC_INIT: "true" } } });
}

function servers(longStartsOnly = false): Server[] {
  const workload = parseWorkload(noteInput, "the note's workload");
  // Warm answers through the web adapter at 1.16 vCPU, median: docs/cold-start.md, 2026-11-25.
  const service = { ...workload.service, ms: 10.9, vcpu: 1.16 };
  const note = { name: "the note's", startUp: loadStartUp("note"), workload };
  if (longStartsOnly) return [note];
  return [note, { name: "ours", startUp: loadStartUp("onnx"), workload: { ...workload, service } }];
}

/** The note's configurations for its own light load: cold starts and times beside its words, with its server and with ours. */
export function latencyTable(): string {
  const head = [
    "section of the note",
    "cold start, it says",
    "warm, it says",
    "the same here",
    "server",
    "requests with a cold start",
    "a cold start takes (median, longest)",
    "p50",
    "p95",
    "p99",
    "failed",
    "a month",
  ];
  const rows = configurations().flatMap(({ section, cold, warm, here, model, longStartsOnly }) =>
    servers(longStartsOnly).map(({ name, startUp, workload }) => {
      const estimate = estimateProfile(model, workload, { ...runs, startUp });
      return [section, cold, warm, here, name, ...measures(estimate)];
    }),
  );
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return `## Cold starts and times

The same traffic, simulated (docs/model.md) with the start-up of the note's server (\`note\`: image 2-3 s, PyTorch 5-8 s, model 2-4 s,
index 1-2 s) and its 1.5 s a request, and with our container's (\`onnx\`) and its 10.9 ms. The costs here are those of the simulation: it knows
more cold starts than the formulas of the table above.

${[line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n")}

- Past 10 s Lambda throws a start away and runs it again within the first request. The note's server takes longer than that, so its cold
  starts are longer than the note says, unless it starts asynchronously (\`container.startupSeconds\` of 9 or more in a profile).
- Twice the memory does not bring 10-17 s down to 7-12 s: one thread imports what is imported, and 2,048 MB feed it already.
- "Rare" is one request in some sixty, so the 99th percentile is a cold start. The ping saves few of them: with 140 requests an hour
  one environment is hardly ever idle for minutes. What is left are requests that come while another one is answered, and environments that are replaced.
- "Never" is not: with one provisioned environment a second request at the same time still meets a cold start.
- "Sub-second always" is not either: on 1 vCPU the note's own warm answers take longer, and requests share it.
- A server that starts within a second and answers in some milliseconds needs none of it.
`.trimEnd();
}

function measures({ cost, latency }: ProfileEstimate): string[] {
  const { coldStartShare, failedShare, services, p50Ms, p95Ms, p99Ms } = latency;
  const [service] = services;
  const starts =
    service?.runtime === "lambda" && service.startP50Ms !== undefined
      ? `${seconds(service.startP50Ms)}, ${seconds(service.startMaxMs!)}`
      : "none";
  return [
    percent(coldStartShare.value),
    starts,
    ...[p50Ms, p95Ms, p99Ms].map((time) => (time ? seconds(time.value) : "none")),
    percent(failedShare.value),
    `$${cost.typical.toFixed(2)}`,
  ];
}

function seconds(ms: number): string {
  return ms < 995 ? `${Number(ms.toPrecision(2))} ms` : `${Number((ms / 1000).toPrecision(3))} s`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
