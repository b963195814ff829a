import { readFileSync } from "node:fs";
import { z } from "zod";
import { InputError, whyUnreadable } from "../profiles/errors";
import { describeIssue } from "../profiles/parse";
import { spacings } from "./open-loop";

const amount = z.number().min(0, "must be 0 or more");
const positive = z.number().positive("must be above 0");

/** A request of a client that sends by the clock. Times run from the moment it was due, in milliseconds. */
const requestSchema = z.strictObject({
  /** in its round */
  dueMs: amount,
  /** how much later it was sent: the client's own fault, and part of the times */
  lateMs: amount,
  /** without one no byte of an answer came */
  firstByteMs: amount.optional(),
  ms: amount,
  /** of the body */
  bytes: amount,
  /** `status 503`, `timeout`, a code of the system such as ECONNRESET, or `not sent` */
  failure: z.string().optional(),
  /** where the answers are streams of server-sent events */
  stream: z
    .strictObject({
      events: amount,
      gapsMs: z.array(amount),
      /** the longest time without a byte */
      silenceMs: amount,
      cut: z.boolean(),
    })
    .optional(),
});

/** A start from nothing up to the first answer: of a fresh container, or as a front door shows it. In milliseconds. */
const coldSchema = z.strictObject({
  /** until the last byte of the first answer */
  ms: amount,
  firstByteMs: amount.optional(),
  /** until the server said that it is ready; containers only */
  readyMs: amount.optional(),
  /** what the server says of its start; containers only */
  phasesMs: z.record(z.string(), amount).optional(),
  failure: z.string().optional(),
});

const sizeSchema = z.strictObject({
  /** `2048mb`, `1vcpu/2gb` */
  name: z.string(),
  runtime: z.enum(["lambda", "fargate"]),
  memoryMb: positive,
  vcpu: positive,
  /** what the container got of them: at most the machine's cores. Behind a URL the same as `vcpu` */
  cpus: positive,
});

const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hex digits");

export const doors = ["httpApi", "restApi", "alb", "functionUrl"] as const;
export type Door = (typeof doors)[number];

/** What `measure` writes, and `calibrate` reads. */
const measurementSchema = z.strictObject({
  format: z.literal(1, "must be 1: this version reads no other"),
  date: z.iso.datetime("must be a time like 2026-11-26T16:00:00Z"),
  /** of the client, and of the containers */
  machine: z.strictObject({
    cores: positive,
    processor: z.string(),
    memoryGb: amount,
    system: z.string(),
  }),
  target: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("image"),
      image: z.string(),
      /** its id first, then its digests in registries */
      digests: z.array(digestSchema).min(1),
      /** names of the variables that were set, without their values, but for the role and what searches */
      environment: z.record(z.string(), z.string()),
    }),
    z.strictObject({
      kind: z.literal("url"),
      url: z.string(),
      profile: z.string().optional(),
      door: z.enum(doors).optional(),
    }),
  ]),
  request: z.strictObject({
    method: z.string(),
    path: z.string(),
    /** names alone: values may be secret */
    headers: z.array(z.string()),
    bytes: amount,
  }),
  method: z.strictObject({
    /** requests a second, seconds a round */
    rate: positive,
    seconds: amount,
    spacing: z.enum(spacings),
    rounds: z.number().int().positive(),
    /** how cold starts were made */
    cold: z.discriminatedUnion("by", [
      z.strictObject({ by: z.literal("fresh containers"), starts: amount }),
      z.strictObject({ by: z.literal("idle time"), minutes: amount, parallel: z.number().int().positive() }),
      z.strictObject({ by: z.literal("none") }),
    ]),
    /** whether it went before other work of the machine */
    precedence: z.boolean(),
  }),
  series: z
    .array(
      z.strictObject({
        /** unknown behind a URL, unless it was said */
        size: sizeSchema.optional(),
        rounds: z.array(z.strictObject({ cold: z.array(coldSchema), warm: z.array(requestSchema) })),
      }),
    )
    .min(1, "must have a series"),
});

export type Measurement = z.output<typeof measurementSchema>;
export type Series = Measurement["series"][number];
export type RequestSample = z.output<typeof requestSchema>;
export type ColdSample = z.output<typeof coldSchema>;

/** JSON of a file. @throws InputError if it can't be read */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InputError([`${file}: can't be read as JSON (${whyUnreadable(error)})`]);
  }
}

/** @throws InputError with all that is wrong with it */
export function parseMeasurement(input: unknown, file: string): Measurement {
  const result = measurementSchema.safeParse(input);
  if (result.success) return result.data;
  throw new InputError(
    result.error.issues
      .flatMap((issue) => describeIssue(issue, input, "docs/measure.md shows the file of a measurement"))
      .map((fault) => `${file}: ${fault}`),
  );
}
