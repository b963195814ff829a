import { z } from "zod";

/** Hours of a week. A pattern has one weight for each, from Monday 00:00 UTC on. */
export const hoursPerWeek = 168;

/** Hours of a month as AWS counts them in its own calculator: a year's hours over twelve. */
export const hoursPerMonth = 730;

/**
 * Spread of service times where nobody measured it. Our own server's warm answers have a p99 of 1.96 times the median
 * (docs/cold-start.md, 2026-11-25: 7.5 and 14.7 ms): a lognormal distribution with 0.3. Other work is in it, of one
 * kind of request only; a mix of requests spreads more. 0.5 is an assumption of the authors.
 */
const serviceCv = 0.5;

/** The server of container/ sends a comment at least this often. */
const heartbeatSeconds = 15;

const amount = z.number({ error: "must be a number of 0 or more" }).min(0, "must be a number of 0 or more");
const share = z
  .number({ error: "must be a share from 0 to 1" })
  .min(0, "must be a share from 0 to 1")
  .max(1, "must be a share from 0 to 1");

/** The traffic that a figure is for. */
export const workloadSchema = z.strictObject({
  name: z.string().min(1, "must be a name"),
  summary: z.string().default(""),
  requestsPerMonth: amount,
  /** CSV of arrivals, in place of `requestsPerMonth` and `hourOfWeek`; absolute after reading */
  trace: z.string().optional(),
  /** how the requests are spread over the week; the mean is 1 after reading */
  hourOfWeek: z
    .array(amount)
    .length(hoursPerWeek, "must be 168 weights, one for each hour of a week from Monday 00:00 UTC")
    .refine((weights) => weights.some((weight) => weight > 0), "must have an hour above 0")
    .default(() => Array(hoursPerWeek).fill(1)),
  /** the busiest minute's rate over the mean rate of its hour */
  burstFactor: z.number().min(1, "must be 1 or more").default(1),
  service: z.strictObject({
    /** mean time of a request that needs no cold start */
    ms: amount,
    /** vCPUs it was measured at; without it the time is taken to be the same on every runtime */
    vcpu: z.number().positive("must be above 0").optional(),
    /** share of the time that is computing, and gets shorter with more vCPUs; the rest is waiting */
    cpuShare: share.default(1),
    /** vCPUs that one request can use at once; without it all that are there */
    cores: z.number().positive("must be above 0").optional(),
    /** standard deviation of the time over its mean */
    cv: amount.default(serviceCv),
    /** time from the start of a container until it can serve, at the same vCPUs; Lambda bills it at each cold start */
    initMs: amount.default(0),
  }),
  requestKb: amount.default(1),
  responseKb: amount.default(4),
  /** requests whose answer is a stream, as server-sent events; part of `requestsPerMonth` */
  streams: z
    .strictObject({
      /** on the paths that don't say otherwise */
      share: share.default(0),
      /** streams open at once, as a mean over the month; in place of `share`, which follows from it */
      concurrent: amount.optional(),
      /** how long a stream is open after its first byte */
      seconds: amount.default(0),
      kb: amount.default(0),
      /** the longest time without a byte: a heartbeat's, if the server sends one */
      heartbeatSeconds: amount.default(heartbeatSeconds),
    })
    .refine(({ share, concurrent }) => concurrent === undefined || share === 0, {
      path: ["concurrent"],
      error: "must not stand beside share: one follows from the other",
    })
    .refine(({ seconds, concurrent, share }) => seconds > 0 || ((concurrent ?? 0) === 0 && share === 0), {
      path: ["seconds"],
      error: "must be above 0 when there are streams",
    })
    .prefault({}),
  /** HTTP keep-alive of the clients: requests on one connection, and how long it stays open */
  connections: z
    .strictObject({
      requestsEach: z.number().min(1, "must be 1 or more").default(5),
      seconds: amount.default(60),
    })
    .prefault({}),
  logKbPerRequest: amount.default(1),
  /** share of the requests on each path; what is left over goes to `/` */
  paths: z
    .array(
      z.strictObject({
        path: z.string().startsWith("/", "must start with /"),
        share,
        /** share of this path's requests whose answer is a stream; that of `streams` without it */
        streams: share.optional(),
        ms: amount.optional(),
      }),
    )
    .refine(
      (paths) => paths.reduce((sum, { share }) => sum + share, 0) <= 1 + 1e-9,
      "must have shares that add up to 1 or less",
    )
    .default([]),
  /** health checks and the like from outside, on top of `requestsPerMonth`; they take no service time to speak of */
  pingsPerHour: amount.default(0),
});

/** A workload with its defaults, as `loadWorkload` gives it: `hourOfWeek` has the mean 1, `share` is that of all streams. */
export type Workload = z.output<typeof workloadSchema>;

/** What a person or a file gives. */
export type WorkloadInput = z.input<typeof workloadSchema>;
