import { z } from "zod";
import { InputError } from "../../profiles/errors";
import { describeIssue } from "../../profiles/parse";
import { pathOf } from "./lines";
import type { Line } from "./lines";
import type { RequestRecord } from "./request-record";

/** API Gateway writes numbers as text, and "-" for what a request has not. */
const amount = z
  .union([z.number(), z.string()], { error: "must be a number" })
  .transform((value) => (value === "-" || value === "" ? undefined : Number(value)))
  .refine((value) => value === undefined || value >= 0, "must be a number of 0 or more")
  .optional();

/** The access log's format that `modules/ingress/api-gateway.ts` sets; other fields are left alone. */
const logSchema = z.object({
  time: z.string({ error: "must be a time, as $context.requestTime" }),
  path: z.string({ error: "must be a path, as $context.path" }),
  responseBytes: amount,
  responseMs: amount,
  integrationMs: amount,
});

/** CloudWatch Logs puts the time of the event before each line that it exports. */
const exported = /^\d{4}-\d\d-\d\dT[\d:.]+Z\s+(?=\{)/;

export const isApiGatewayLine = (text: string) => text.replace(exported, "").startsWith("{");

/** @throws InputError that names the line, the field and its value */
export function apiGatewayRecord({ text, place }: Line): RequestRecord {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(exported, ""));
  } catch (error) {
    throw new InputError([`${place}: is not JSON (${(error as Error).message})`]);
  }
  const result = logSchema.safeParse(json);
  if (!result.success) {
    throw new InputError(
      result.error.issues.flatMap((issue) => describeIssue(issue, json)).map((fault) => `${place}: ${fault}`),
    );
  }
  const { time, path, responseBytes, responseMs, integrationMs } = result.data;
  return {
    timeMs: timeOf(time, place),
    requests: 1,
    path: pathOf(path),
    // Without the integration's own time the whole time stands in: it holds API Gateway's few milliseconds too.
    ms: integrationMs ?? responseMs,
    responseBytes,
  };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `$context.requestTime`, as 09/Apr/2026:12:34:56 +0000. */
function timeOf(text: string, place: string): number {
  const [, day, month, year, clock, zone] =
    /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})$/.exec(text) ?? [];
  const number = String(months.indexOf(month ?? "") + 1).padStart(2, "0");
  const timeMs = Date.parse(`${year}-${number}-${day}T${clock}${zone?.slice(0, 3)}:${zone?.slice(3)}`);
  if (Number.isFinite(timeMs)) return timeMs;
  throw new InputError([`${place}: time = "${text}": must be like 09/Apr/2026:12:34:56 +0000`]);
}
