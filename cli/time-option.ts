import { InputError } from "../profiles/errors";

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * The moment that an option names: so long ago, as `90m`, `24h` or `7d`, or a time with its zone.
 *
 * @param now milliseconds since 1970, as is the result
 * @throws InputError that says what is allowed
 */
export function timeOption(option: string, text: string, now: number): number {
  const ago = /^(\d+)([mhd])$/.exec(text);
  const time = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text);
  const ms = ago
    ? now - Number(ago[1]) * unitMs[ago[2] as keyof typeof unitMs]
    : time
      ? Date.parse(text)
      : NaN;
  // Nothing is older than CloudWatch itself, and what is to come has no log.
  if (ms > Date.UTC(2009, 0) && ms <= now) return ms;
  const problem =
    ms > now
      ? "lies ahead; give a time that has been"
      : "must be like 90m, 24h, 7d, 2026-11-25 or 2026-11-25T08:00Z";
  throw new InputError([`${option} = "${text}": ${problem}`]);
}
