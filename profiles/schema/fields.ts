import { z } from "zod";
import { isToken } from "../token";

/** A whole number within AWS's limits; a Terraform token passes. */
export const whole = (min: number, max: number) =>
  z.number().refine((v) => isToken(v) || (Number.isInteger(v) && v >= min && v <= max), {
    error: `must be a whole number from ${min} to ${max}`,
  });

/** A number within limits; a Terraform token passes. */
export const within = (min: number, max: number) =>
  z.number().refine((v) => isToken(v) || (v >= min && v <= max), { error: `must be from ${min} to ${max}` });

/** One of some numbers; a Terraform token passes. */
export const oneOf = (values: readonly number[]) =>
  z
    .number()
    .refine((v) => isToken(v) || values.includes(v), { error: `must be one of ${values.join(", ")}` });

/** Text of a certain form; a Terraform token passes. */
export const text = (pattern: RegExp, error: string) =>
  z.string().refine((v) => isToken(v) || pattern.test(v), { error });

export const path = text(
  /^\/[A-Za-z0-9._~/-]{0,99}$/,
  "must be a URL path of at most 100 letters that starts with a slash, like /ready",
);

/** What names a part of the stack: known at synth, so never a token. */
export const identifier = (pattern: RegExp, error: string) =>
  z
    .string()
    .regex(pattern, { error })
    // Every object of JavaScript has it: CDKTF takes it for a construct that is there already.
    .refine((v) => v !== "constructor", { error: "is a reserved word" });

/** As Lambda takes them. Source: docs.aws.amazon.com/lambda/latest/api/API_Environment.html, 2026-11. */
const variableName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]+$/, {
  error: "must be two or more letters, digits and underscores, starting with a letter",
});

export const environment = z.record(variableName, z.string()).default({});

/** Secrets by the variable that holds them in the container. Both runtimes take the same ARNs. */
export const secrets = z
  .record(
    variableName,
    text(
      /^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+|ssm:[a-z0-9-]+:\d{12}:parameter\/[A-Za-z0-9/_.-]+)$/,
      "must be the ARN of a Secrets Manager secret or an SSM parameter, like " +
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:openai-AbCdEf",
    ),
  )
  .default({});

/**
 * Minutes, hours, day of month, month, day of week, year; one of the two days is `?`.
 * Source: docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html, 2026-11.
 */
const cron = (() => {
  const list = (item: string) => `(?:\\*|${item}(?:-${item})?(?:,${item}(?:-${item})?)*)(?:/\\d+)?`;
  const month = list("(?:0?[1-9]|1[0-2]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)");
  const dayOfMonth = `(?:${list("(?:0?[1-9]|[12]\\d|3[01])")}|L|(?:[12]?\\d|3[01])W)`;
  const weekday = "(?:[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)";
  const dayOfWeek = `(?:${list(weekday)}|${weekday}L|${weekday}#[1-5])`;
  const days = `(?:${dayOfMonth} ${month} \\?|\\? ${month} ${dayOfWeek})`;
  const year = list("(?:19[7-9]\\d|20\\d\\d)");
  return new RegExp(`^cron\\(${list("[0-5]?\\d")} ${list("(?:[01]?\\d|2[0-3])")} ${days} ${year}\\)$`);
})();

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/** One change of capacity by the clock. */
export const scheduledCapacity = (max: number) =>
  z.strictObject({
    /** Names the action, like `night`. */
    name: identifier(
      /^[a-z][a-z0-9-]{0,29}$/,
      "must be at most 30 lower-case letters, digits and hyphens, starting with a letter",
    ),
    /** When, as AWS writes it: minute, hour, day of month, month, day of week, year. */
    cron: text(
      cron,
      "must be a cron expression with six fields and ? for one of the two days, like cron(0 20 ? * MON-FRI *)",
    ),
    /** IANA name of the time zone. @default "UTC" */
    timezone: z
      .string()
      .refine((v) => isToken(v) || isTimeZone(v), {
        error: "must be the IANA name of a time zone, like Europe/Berlin",
      })
      .default("UTC"),
    /** Lower bound from then on. */
    min: whole(0, max),
    /** Upper bound from then on. */
    max: whole(0, max),
  });
