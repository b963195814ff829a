import { z } from "zod";
import { describeIssue } from "../../profiles/parse";
import { InputError } from "../../profiles/errors";
import type { Size } from "../size";
import type { Observed } from "./observe";
import { withRest } from "./observe";
import { z95 } from "./spread";

/** What is read of `cold-starts --json`: how long the server's own starts took in the account. */
const logsSchema = z.object({
  logs: z.array(
    z.object({
      log: z.string(),
      phases: z
        .object({
          starts: z.number().int().positive(),
          totalMs: z.object({ p50: z.number().positive(), p90: z.number().positive() }),
          medianMs: z.record(z.string(), z.number().min(0)),
        })
        .optional(),
    }),
  ),
});

/** Standard normal quantile of 0.90, which logs give; what is wanted is that of 0.95. */
const z90 = 1.2816;

export const areColdStartLogs = (input: unknown): boolean =>
  typeof input === "object" && input !== null && "logs" in input;

/**
 * Starts that `cold-starts --json` has, as seen at the size of the function.
 *
 * @throws InputError when it is of another shape, no line of the server's own start is in it, or the size is not said
 */
export function observeLogs(input: unknown, file: string, size: Size | undefined): Observed[] {
  const result = logsSchema.safeParse(input);
  if (!result.success) {
    const hint = "as `npx lambda-or-fargate cold-starts --json` prints it";
    throw new InputError(
      result.error.issues.flatMap((issue) => describeIssue(issue, input, hint)).map((f) => `${file}: ${f}`),
    );
  }
  if (!size) {
    throw new InputError([
      `${file}: holds cold starts from logs, which do not say the size; add --size, like --size 2048mb`,
    ]);
  }
  const found = result.data.logs.flatMap(({ log, phases }) => (phases ? [{ log, phases }] : []));
  if (found.length === 0) {
    throw new InputError([`${file}: no log in it has the server's own times of its start`]);
  }
  return found.map(({ log, phases: { starts, totalMs, medianMs } }) => {
    const p95 = (totalMs.p90 / totalMs.p50) ** (z95 / z90);
    return {
      name: `${size.name} (${log})`,
      runtime: size.runtime,
      cpus: size.vcpu,
      cold: {
        count: starts,
        p50Ms: totalMs.p50,
        // Of a lognormal time with these two quantiles.
        p95Ms: totalMs.p50 * p95,
        phasesMs: withRest(totalMs.p50, (names) =>
          names.reduce((sum, name) => sum + (medianMs[name] ?? 0), 0),
        ),
      },
    };
  });
}
