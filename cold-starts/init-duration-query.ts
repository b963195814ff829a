import type { LogEvent } from "./log-event";

/**
 * What Logs Insights answers to `filter @type = "REPORT" | stats avg(@initDuration)`, emulated on the same lines. It
 * finds `@type` and `@initDuration` in the text format alone, and takes the mean of the lines that have the field.
 */
export class InitDurationQuery {
  private sum = 0;
  private count = 0;

  add({ message }: LogEvent): void {
    if (!message.startsWith("REPORT RequestId:")) return;
    const ms = /\sInit Duration: ([\d.]+) ms/.exec(message)?.[1];
    if (ms === undefined) return;
    this.sum += Number(ms);
    this.count += 1;
  }

  /** What it averages over, and the average, which is nothing without a line. */
  get answer(): { readonly lines: number; readonly averageMs?: number } {
    return this.count === 0 ? { lines: 0 } : { lines: this.count, averageMs: this.sum / this.count };
  }
}
