import { dirname, resolve } from "node:path";
import { didYouMean } from "../../profiles/did-you-mean";
import { InputError } from "../../profiles/errors";
import { describeIssue } from "../../profiles/parse";
import { readJsonOrYaml } from "../../profiles/read-file";
import { readTrace } from "./csv";
import { presets } from "./presets";
import { summarise } from "./summarise";
import { hoursPerMonth, hoursPerWeek, workloadSchema } from "./workload";
import type { Workload } from "./workload";

const fields = "`npx lambda-or-fargate workload show hobby` shows the fields of a workload";

/** @throws InputError if neither a preset nor a file has that name, or with all faults of the file */
export function loadWorkload(nameOrFile: string): Workload {
  const preset = presets.find(({ name }) => name === nameOrFile);
  if (preset) return parseWorkload(preset, `preset ${nameOrFile}`);
  if (!/[./\\]/.test(nameOrFile)) {
    const names = presets.map(({ name }) => name);
    throw new InputError([
      `workload = "${nameOrFile}": must be ${names.join(", ")}, or a JSON or YAML file${didYouMean(nameOrFile, names)}`,
    ]);
  }
  return parseWorkload(readJsonOrYaml("workload", nameOrFile), nameOrFile, dirname(nameOrFile));
}

/**
 * Checks a workload and fills in what follows from it: the hours' weights get the mean 1, a trace gives requests and
 * hours, open streams give the streams' share.
 *
 * @param label where it is from, for messages
 * @param folder where the path of a trace starts
 */
export function parseWorkload(input: unknown, label: string, folder = "."): Workload {
  const result = workloadSchema.safeParse(withTrace(input, label, folder));
  if (!result.success) {
    throw new InputError(
      result.error.issues
        .flatMap((issue) => describeIssue(issue, input, fields))
        .map((fault) => `${label}: ${fault}`),
    );
  }
  const workload = result.data;
  const mean = workload.hourOfWeek.reduce((sum, weight) => sum + weight, 0) / hoursPerWeek;
  const { concurrent, ...streams } = workload.streams;
  const share =
    concurrent === undefined
      ? streams.share
      : (concurrent * hoursPerMonth * 3600) / (streams.seconds * workload.requestsPerMonth);
  if (share > 1) {
    throw new InputError([
      `${label}: streams.concurrent = ${concurrent}: can't be that many with ${workload.requestsPerMonth} requests a month of ${streams.seconds} seconds`,
    ]);
  }
  if (workload.paths.some((path) => (path.streams ?? 0) > 0)) {
    if (streams.seconds === 0) {
      throw new InputError([`${label}: streams.seconds = 0: must be above 0 when a path has streams`]);
    }
    if (concurrent !== undefined) {
      throw new InputError([
        `${label}: streams.concurrent = ${concurrent}: must not stand beside streams of a path: one follows from the other`,
      ]);
    }
  }
  return {
    ...workload,
    hourOfWeek: workload.hourOfWeek.map((weight) => weight / mean),
    streams: { ...streams, share },
  };
}

/** Share of all requests whose answer is a stream. */
export function streamShare({ paths, streams }: Workload): number {
  const rest = 1 - paths.reduce((sum, { share }) => sum + share, 0);
  return paths.reduce(
    (sum, path) => sum + path.share * (path.streams ?? streams.share),
    rest * streams.share,
  );
}

/** Streams that are open at once, as a mean over the month. */
export function openStreams(workload: Workload): number {
  const { requestsPerMonth, streams } = workload;
  return (requestsPerMonth * streamShare(workload) * streams.seconds) / (hoursPerMonth * 3600);
}

function withTrace(input: unknown, label: string, folder: string): unknown {
  if (typeof input !== "object" || input === null || !("trace" in input)) return input;
  const { trace } = input;
  if (typeof trace !== "string") {
    throw new InputError([`${label}: trace = ${JSON.stringify(trace)}: must be the path of a CSV file`]);
  }
  const given = (["requestsPerMonth", "hourOfWeek"] as const).filter((field) => field in input);
  if (given.length > 0) {
    throw new InputError([`${label}: ${given.join(", ")}: must not stand beside trace, which gives it`]);
  }
  const file = resolve(folder, trace);
  const { requestsPerMonth, hourOfWeek, burstFactor } = summarise(readTrace(file), file).traffic;
  return { burstFactor, ...input, trace: file, requestsPerMonth, hourOfWeek };
}
