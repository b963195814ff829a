import { setTimeout as sleep } from "node:timers/promises";
import { setImmediate as turn } from "node:timers/promises";

/** When requests are due, whatever becomes of those before them. */
export interface Load {
  /** requests a second */
  readonly rate: number;
  readonly seconds: number;
  /** `poisson`: by chance, as from many clients that know nothing of each other; `even`: the same time between them */
  readonly spacing: Spacing;
}

export const spacings = ["poisson", "even"] as const;
export type Spacing = (typeof spacings)[number];

/** Milliseconds from the beginning at which requests are due. @param random numbers from 0 up to 1 */
export function dueTimes({ rate, seconds, spacing }: Load, random: () => number): number[] {
  const gapMs = 1000 / rate;
  const endMs = seconds * 1000;
  if (spacing === "even") return Array.from({ length: Math.round(rate * seconds) }, (_, i) => i * gapMs);
  const times: number[] = [];
  for (let at = 0; ;) {
    at -= Math.log(1 - random()) * gapMs;
    if (at >= endMs) return times;
    times.push(at);
  }
}

/** What a request sent by the clock came to. */
export interface Sent<T> {
  /** when it was due, in milliseconds from the beginning */
  readonly dueMs: number;
  /** how much later it was sent: the client's own fault */
  readonly lateMs: number;
  /** undefined when it was not sent, as too many were waiting for their answers */
  readonly result: T | undefined;
}

/** Past so many without an answer no more are sent: each holds a connection. */
const mostWaiting = 2000;

/**
 * Sends requests when they are due, whether or not those before them are answered (an open loop). What a slow answer
 * makes others wait is then in their times, if they are counted from when they were due.
 *
 * @param keep what to keep of each, made as soon as it is over: answers may be large
 */
export async function openLoop<T, R>(
  due: readonly number[],
  send: (index: number) => Promise<T>,
  keep: (sent: Sent<T>) => R,
  most = mostWaiting,
): Promise<R[]> {
  const start = performance.now();
  const all: Promise<R>[] = [];
  let waiting = 0;
  for (const [i, dueMs] of due.entries()) {
    await until(start + dueMs);
    const lateMs = performance.now() - start - dueMs;
    if (waiting >= most) {
      all.push(Promise.resolve(keep({ dueMs, lateMs, result: undefined })));
      continue;
    }
    waiting++;
    all.push(
      send(i).then((result) => {
        waiting--;
        return keep({ dueMs, lateMs, result });
      }),
    );
  }
  return Promise.all(all);
}

/** Timers are late by up to a millisecond and more: the last of it goes by in turns of the event loop. */
async function until(time: number): Promise<void> {
  for (;;) {
    const left = time - performance.now();
    if (left <= 0) return;
    if (left > 3) await sleep(left - 2);
    else await turn();
  }
}
