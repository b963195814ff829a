/** One event of a log, as CloudWatch Logs keeps it; an exported file may leave time and stream out. */
export interface LogEvent {
  readonly message: string;
  /** milliseconds since 1970 */
  readonly timeMs?: number;
  /** name of the log stream; Lambda has one for each execution environment */
  readonly stream?: string;
}

/**
 * Time of an event in milliseconds since 1970, undefined when the text is none. A time without a zone is UTC, as Logs
 * Insights writes it.
 */
export function eventTime(text: string): number | undefined {
  if (/^\d{12,13}$/.test(text)) return Number(text);
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:[.,]\d+)?)(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (!parts) return undefined;
  const timeMs = Date.parse(`${parts[1]}T${parts[2]!.replace(",", ".")}${parts[3] ?? "Z"}`);
  return Number.isFinite(timeMs) ? timeMs : undefined;
}
