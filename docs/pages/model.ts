import type { Band } from "../../estimate/cost/band";
import { assumed } from "../../estimate/cost/assumptions";
import type { Parameter } from "../../estimate/latency/assumptions";
import { parameters } from "../../estimate/latency/assumptions";
import type { StartUp } from "../../estimate/latency/start-up";
import { containerStartMs, loadStartUp, phaseNames } from "../../estimate/latency/start-up";
import { startUps } from "../../estimate/latency/start-ups";
import { fillIn } from "../marked";
import { table } from "../markdown";

/** docs/model.md, which is written by hand but for its figures. */
export function modelWithFigures(page: string): string {
  return fillIn(fillIn(page, "parameters", parameterTable()), "start-ups", startUpTable());
}

function parameterTable(): string {
  const bands: [string, string, Band, string, string][] = [
    [
      "taskStartSeconds",
      "from a task's image pull to healthy, for an image of up to 400 MB whose server starts at once",
      assumed.taskStartSeconds,
      "s",
      "57 s measured with 413 MB (elasticscale, 2024-04), 20 to 60 s and 60 to 90 s reported, 129 s of AWS's PyTorch image",
    ],
    [
      "keepWarmMs",
      "a keep-warm ping in a ready environment, as billed",
      assumed.keepWarmMs,
      "ms",
      "a warm answer through the web adapter takes 11 ms (docs/cold-start.md, 2026-11-25); assumption, 2026-11",
    ],
  ];
  return table([
    ["parameter", "what it is", "value", "source"],
    ...Object.entries<Parameter>(parameters).map(([name, { value, unit, what, source }]) => [
      `\`${name}\``,
      what,
      `${typeof value === "number" ? number(value) : value.map(number).join(" to ")} ${unit}`.trim(),
      source,
    ]),
    ...bands.map(([name, what, { low, typical, high }, unit, source]) => [
      `\`${name}\``,
      what,
      `${number(typical)} ${unit} (low ${number(low)}, high ${number(high)})`,
      source,
    ]),
  ]);
}

function startUpTable(): string {
  const sets = startUps.map(({ name }) => loadStartUp(name));
  return table([
    [
      "`--start-up`",
      ...phaseNames.map((name) => `${name}, ms`),
      "container at 1 vCPU",
      "at 0.58 vCPU",
      "source",
    ],
    ...sets.map((set) => [
      `\`${set.name}\``,
      ...phaseNames.map((name) => shown(set.phases[name])),
      `${number(containerStartMs(set, 1))} ms`,
      `${number(containerStartMs(set, 0.58))} ms`,
      set.source,
    ]),
  ]);
}

/** Mean and standard deviation. */
function shown({ ms, cv }: StartUp["phases"]["image"]): string {
  return ms === 0 ? "0" : `${number(ms)} ± ${number(ms * cv)}`;
}

function number(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US");
}
