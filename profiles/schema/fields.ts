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

/** Text of a certain form; a Terraform token passes. */
export const text = (pattern: RegExp, error: string) =>
  z.string().refine((v) => isToken(v) || pattern.test(v), { error });

export const path = text(
  /^\/[A-Za-z0-9._~/-]{0,99}$/,
  "must be a URL path of at most 100 letters that starts with a slash, like /ready",
);

const variableName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, { error: "must be letters, digits and underscores" });

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

/** One change of capacity by the clock. */
export const scheduledCapacity = (max: number) =>
  z.strictObject({
    /** Names the action, like `night`. */
    name: text(
      /^[a-z][a-z0-9-]{0,29}$/,
      "must be at most 30 lower-case letters, digits and hyphens, starting with a letter",
    ),
    /** When, as AWS writes it: minute, hour, day of month, month, day of week, year. */
    cron: text(
      /^cron\(\S+ \S+ \S+ \S+ \S+ \S+\)$/,
      "must be a cron expression with six fields, like cron(0 20 ? * MON-FRI *)",
    ),
    /** IANA name of the time zone. @default "UTC" */
    timezone: text(
      /^[A-Za-z]+(\/[A-Za-z0-9_+-]+)*$/,
      "must be the IANA name of a time zone, like Europe/Berlin",
    ).default("UTC"),
    /** Lower bound from then on. */
    min: whole(0, max),
    /** Upper bound from then on. */
    max: whole(0, max),
  });
