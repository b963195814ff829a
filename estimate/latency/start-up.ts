import { readFileSync } from "node:fs";
import { z } from "zod";
import { didYouMean } from "../../profiles/did-you-mean";
import { InputError, whyUnreadable } from "../../profiles/errors";
import { describeIssue } from "../../profiles/parse";
import type { Workload } from "../workload/workload";
import { parameters } from "./assumptions";
import { assumedImage, lightContainer, startUps } from "./start-ups";

const amount = z.number({ error: "must be a number of 0 or more" }).min(0, "must be a number of 0 or more");

const phaseSchema = z.strictObject({
  /** mean of its computing on one vCPU */
  ms: amount,
  /** mean of what comes on top and takes as long on any size */
  waitMs: amount.default(0),
  /** standard deviation over mean */
  cv: amount.default(0.1),
  /** vCPUs that it can use: more don't make it shorter. 0: the platform's own work, as long on any size */
  cores: amount.default(1),
});

/** Phases of a start, in their order. */
export const phaseNames = ["image", "runtime", "imports", "model", "index"] as const;

/** What the container does, which Lambda bills. */
const containerSchema = z.strictObject({
  /** interpreter and web adapter */
  runtime: phaseSchema,
  imports: phaseSchema,
  model: phaseSchema,
  index: phaseSchema,
});

/** What a request takes of a warm server. */
const serviceSchema = z.strictObject({
  /** mean of its computing on one vCPU, and of what takes as long on any size */
  cpuMs: amount,
  waitMs: amount.default(0),
  /** vCPUs that one request can use */
  cores: z.number().positive("must be above 0").default(1),
  /** standard deviation of its time over the mean */
  cv: amount,
});

/** What front doors add to each answer, the way to them included, in ms; of others the parameters of docs/model.md hold. */
const doorsSchema = z.strictObject({
  httpApi: amount.optional(),
  restApi: amount.optional(),
  alb: amount.optional(),
  functionUrl: amount.optional(),
});

/** How long a container takes from nothing to its first answer, phase by phase. */
export const startUpSchema = z.strictObject({
  name: z.string().min(1, "must be a name"),
  /** where the figures are from, with a date */
  source: z.string().min(1, "must say where the figures are from"),
  /** of the compressed image, as a registry stores it: what a task pulls */
  imageMb: amount.optional(),
  phases: containerSchema.extend({
    /** Lambda's own: sandbox and image. A task on Fargate pulls the image instead. */
    image: phaseSchema,
  }),
  /** of a container with APP_ROLE=light in its environment, which loads neither model nor index; `phases` without it */
  light: containerSchema.optional(),
  /** measured, in place of the workload's own time of a request */
  service: serviceSchema.optional(),
  doorMs: doorsSchema.optional(),
  /** digests of the image that it was measured on, its id among them */
  digests: z.array(z.string()).optional(),
});

export type StartUp = z.output<typeof startUpSchema>;
export type StartUpInput = z.input<typeof startUpSchema>;

/**
 * The start that a workload itself gives: `service.initMs` is all that the container does, from its process to its first
 * answer, on the vCPUs where it was measured, of which it uses one. Lambda's own part is an assumption, and a light role
 * takes what our own server takes.
 */
export function startUpOf({ name, service }: Workload): StartUp {
  const none = { ms: 0, waitMs: 0, cv: 0, cores: 1 };
  const cv = parameters.workloadStartCv.value;
  const container =
    service.vcpu === undefined
      ? { ms: service.initMs, waitMs: 0, cv, cores: 0 }
      : { ms: service.initMs * Math.min(1, service.vcpu), waitMs: 0, cv, cores: 1 };
  return {
    name,
    source: "service.initMs of the workload",
    phases: {
      image: { ...assumedImage, waitMs: 0 },
      runtime: none,
      imports: container,
      model: none,
      index: none,
    },
    light: containerSchema.parse(lightContainer),
  };
}

/** The same start of a container with this environment. */
export function inRole(startUp: StartUp, environment: Readonly<Record<string, string>>): StartUp {
  if (environment.APP_ROLE !== "light" || !startUp.light) return startUp;
  return { ...startUp, phases: { ...startUp.phases, ...startUp.light } };
}

/** Mean of a phase on so many vCPUs. */
function phaseMs({ ms, waitMs, cores }: StartUp["phases"]["image"], vcpu: number): number {
  return waitMs + (cores === 0 ? ms : ms / Math.min(cores, vcpu));
}

/** Mean of what the container does, which Lambda bills, on so many vCPUs. The image's part is not in it. */
export function containerStartMs({ phases }: StartUp, vcpu: number): number {
  return phaseNames
    .filter((name) => name !== "image")
    .map((name) => phases[name])
    .reduce((total, phase) => total + phaseMs(phase, vcpu), 0);
}

/** What `container.startupSeconds` of a profile has to be for it: whole seconds at one vCPU, within what that field allows. */
export function startupSecondsOf(startUp: StartUp): number {
  return Math.min(900, Math.ceil(containerStartMs(startUp, 1) / 1000));
}

/** @throws InputError if neither a set nor a file has that name, or with all faults of the file */
export function loadStartUp(nameOrFile: string): StartUp {
  const known = startUps.find(({ name }) => name === nameOrFile);
  if (known) return startUpSchema.parse(known);
  if (!/[./\\]/.test(nameOrFile)) {
    const names = startUps.map(({ name }) => name);
    throw new InputError([
      `--start-up = "${nameOrFile}": must be ${names.join(", ")}, or a JSON file${didYouMean(nameOrFile, names)}`,
    ]);
  }
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(nameOrFile, "utf8"));
  } catch (error) {
    throw new InputError([`--start-up = "${nameOrFile}": can't be read (${whyUnreadable(error)})`]);
  }
  return parseStartUp(input, nameOrFile);
}

/** @param file for the message @throws InputError with all its faults */
function parseStartUp(input: unknown, file: string): StartUp {
  const result = startUpSchema.safeParse(input);
  if (result.success) return result.data;
  throw new InputError(
    result.error.issues
      .flatMap((issue) => describeIssue(issue, input, "docs/model.md shows the fields of a start-up"))
      .map((fault) => `${file}: ${fault}`),
  );
}
