import type { Band } from "../estimate/cost/band";
import { bandOf, exactly } from "../estimate/cost/band";
import type { CostEstimate, CostOptions } from "../estimate/cost/estimate-cost";
import { estimateCost } from "../estimate/cost/estimate-cost";
import type { ResourceModel } from "../estimate/resources/resource";
import { loadWorkload, parseWorkload } from "../estimate/workload/load";
import type { Workload } from "../estimate/workload/workload";
import { resourcesOfProfiles } from "../cli/profile-resources";
import { costTable } from "../cli/cost-table";
import { coldStartFigures } from "./cold-start-figures";
import { findProfile, loadProfiles } from "../profiles/load";
import { parseSettings } from "../stacks/settings";
import { latencyTable } from "./note-latency";
import { noteInput, withFunction, withProvisioned } from "./note-configurations";

/** What `estimate` prints of all profiles, cheapest first. */
export function costExcerpt(): string {
  const workload = loadWorkload("team");
  const estimates = resourcesOfProfiles(loadProfiles(), parseSettings({ env: {}, context: {} }))
    .map(({ name, model }) => ({ name, estimate: estimateCost(model, workload) }))
    .sort((a, b) => a.estimate.typical - b.estimate.typical);
  const [headline, table] = costTable(estimates, workload).split("\n\n");
  return `\`\`\`\n${headline}\n\n${table}\n\`\`\``;
}

interface Figure {
  /** section of the note, and what it says there */
  readonly section: string;
  readonly says: string;
  /** the same in this project */
  readonly here: string;
  readonly usd: (options: CostOptions) => Band;
  readonly why: string;
}

/** Every cost figure of the note with ours. */
function figures(): Figure[] {
  const names = ["lambda-dev", "lambda-prod", "fargate-sse", "fargate-api"];
  const settings = parseSettings({ env: {}, context: {} });
  const found = resourcesOfProfiles(
    // The note watches by queries alone, which are free.
    names.map((name) => ({ ...findProfile(name, {}), monitoring: "off" as const })),
    settings,
  );
  const [dev, prod, sse, api] = found.map(({ model }) => model) as [
    ResourceModel,
    ResourceModel,
    ResourceModel,
    ResourceModel,
  ];
  const workload = parseWorkload(noteInput, "the note's workload");
  const idle = { ...workload, requestsPerMonth: 0 };
  const lighter = { ...workload, service: { ...workload.service, initMs: workload.service.initMs - 1500 } };
  const total =
    (model: ResourceModel, load: Workload = workload) =>
    (options: CostOptions): Band =>
      estimateCost(model, load, options);
  const part = (model: ResourceModel, component: string) => (options: CostOptions) =>
    partOf(estimateCost(model, workload, options), component);
  const more = (now: Figure["usd"], before: Figure["usd"]) => (options: CostOptions) => {
    // Low and high of the two don't go together, so there is no range.
    return exactly(now(options).typical - before(options).typical);
  };
  const reserved = "Lambda provisioned concurrency";
  const shown = (model: ResourceModel, ...components: string[]) =>
    money(
      components.reduce(
        (usd, component) => usd + partOf(estimateCost(model, workload), component).typical,
        0,
      ),
    );
  const dev4096 = withFunction(dev, { memory_size: 4096 });
  const provisioned = withProvisioned(prod);

  return [
    {
      section: "1. Provisioned Concurrency",
      says: "~$10-15 for 1 instance",
      here: "1 environment of 2,048 MB, the reservation alone",
      usd: part(withProvisioned(dev), reserved),
      why: `2 GB x 730 h x 3,600 s at the price of a reserved GB-second; arm64 would be ${shown(withProvisioned(withFunction(dev, { architectures: ["arm64"] })), reserved)}. Compute comes on top, and nothing of it is free.`,
    },
    {
      section: "1. Provisioned Concurrency",
      says: "vs $1-2 on-demand",
      here: "`lambda-dev`",
      usd: total(dev),
      why: "The traffic was chosen to match; cold starts are billed for images, those that pass 10 s twice, which adds to it.",
    },
    {
      section: "4. Increase Memory",
      says: "$2-3 at 4,096 MB vs $1-2 at 2,048 MB",
      here: "`lambda-dev` with 4,096 MB",
      usd: total(dev4096),
      why: "Twice the price a second, and 35 % fewer seconds of requests; a start, on one thread, takes as long.",
    },
    {
      section: "7. Keep Lambda Warm",
      says: "Free (within Lambda free tier)",
      here: "`lambda-prod` without requests",
      usd: total(prod, idle),
      why: "8,760 pings of 50 ms at 4 GB: cents without the free tier, and nothing of Lambda's with it.",
    },
    {
      section: "Development/Testing",
      says: "~$1-2",
      here: "`lambda-dev`",
      usd: total(dev),
      why: "As above.",
    },
    {
      section: "Production (Moderate Traffic)",
      says: "~$3-5",
      here: "`lambda-prod`",
      usd: total(prod),
      why: "The note's moderate traffic is not known; here it is the same as for development. Twice as much traffic costs about twice.",
    },
    {
      section: "Production (High Traffic)",
      says: "~$12-15",
      here: "`lambda-prod` with provisioned concurrency of 1",
      usd: total(provisioned),
      why: `One environment of 4 GB is ${shown(provisioned, reserved)} a month by itself; the note's figure is that of a third of it.`,
    },
    {
      section: "Alternative: ECS Fargate",
      says: "~$20-30 for always-on",
      here: "`fargate-sse`",
      usd: total(sse),
      why: `One task of 1 vCPU and 4 GB is ${shown(sse, "Fargate vCPU", "Fargate memory")}; the hours of the load balancer, and a public IPv4 address for each of its zones and for the task, are ${shown(sse, "ALB hours", "Public IPv4, load balancer", "Public IPv4, tasks")} more. The note leaves them out. High is four tasks all month.`,
    },
    {
      section: "Alternative: ECS Fargate",
      says: "~$20-30, need load balancer",
      here: "`fargate-api`, without a load balancer",
      usd: total(api),
      why: "No load balancer is needed: an HTTP API reaches the task through a VPC link. The task is the cost.",
    },
    {
      section: "Quick Wins",
      says: "+$2-3 for memory and keep-warm",
      here: "`lambda-prod` less `lambda-dev`",
      usd: more(total(prod), total(dev)),
      why: "Keeping one environment warm saves most billed cold starts, which pays for most of the memory.",
    },
    {
      section: "Summary: Increase memory (4GB)",
      says: "+$2",
      here: "`lambda-dev` with 4,096 MB less `lambda-dev`",
      usd: more(total(dev4096), total(dev)),
      why: "Requests are faster by 35 % and dearer by 100 %: about 30 % more, so it grows with traffic. Starts cost twice as much.",
    },
    {
      section: "Summary: Keep-warm events",
      says: "$0",
      here: "pings alone, as above",
      usd: total(prod, idle),
      why: "With free tier only what logs take is left, which is free too up to 5 GB.",
    },
    {
      section: "Summary: Lighter model",
      says: "$0",
      here: "`lambda-dev` with a start-up 1.5 s shorter, less `lambda-dev`",
      usd: more(total(dev, lighter), total(dev)),
      why: "A container's start-up is billed, so a lighter model saves a little.",
    },
    {
      section: "Summary: Provisioned Concurrency",
      says: "+$10",
      here: "`lambda-prod` with provisioned concurrency of 1 less `lambda-prod`",
      usd: more(total(provisioned), total(prod)),
      why: `The reservation of 4 GB is ${shown(provisioned, reserved)}; compute inside it is 42 % cheaper, which takes a little off.`,
    },
    {
      section: "Summary: ECS Fargate",
      says: "+$20",
      here: "`fargate-sse` less `lambda-dev`",
      usd: more(total(sse), total(dev)),
      why: "As under Alternative: load balancer and addresses.",
    },
    {
      section: "Recommended: memory + keep-warm",
      says: "$2-3",
      here: "`lambda-prod`",
      usd: total(prod),
      why: "As under Production (Moderate Traffic).",
    },
  ];
}

export function figuresPage(): string {
  const rows = figures().map(({ section, says, here, usd, why }) => {
    const [plain, free] = [usd({}), usd({ freeTier: true })];
    const range =
      money(plain.low) === money(plain.high) ? "" : ` (${money(plain.low)} to ${money(plain.high)})`;
    return [section, says, here, `${money(plain.typical)}${range}`, money(free.typical), why];
  });
  const { requestsPerMonth, service } = noteInput;
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const head = [
    "section of the note",
    "it says",
    "the same here",
    "ours",
    "with free tier",
    "why they differ",
  ];
  return `# Figures

This project started from a note on the performance of a Python retrieval server on Lambda. Here is each of its costs a month beside
what \`estimate\` computes for the same configuration: typical, with low and high where they differ, in us-east-1, for 730 hours, from
the resources of the profiles without their monitoring, of which the note has none ([monitoring.md](monitoring.md) has its cost). Made by \`npm run docs\`.

The note names no traffic. Here it is ${requestsPerMonth.toLocaleString("en-US")} requests a month on working days from 8 to 18 o'clock, each of
${service.ms / 1000} s warm at 2,048 MB, and ${service.initMs / 1000} s to start: what its own $1-2 a month come from.

${[line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n")}

${latencyTable()}

${coldStartFigures()}
`;
}

function partOf({ lines }: CostEstimate, component: string): Band {
  return bandOf((side) =>
    lines.filter((line) => line.component === component).reduce((usd, { amount }) => usd + amount[side], 0),
  );
}

function money(usd: number): string {
  const cents = Math.round(Math.abs(usd) * 100);
  return `${usd < 0 && cents > 0 ? "-" : ""}$${(cents / 100).toFixed(2)}`;
}
