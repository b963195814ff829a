import { setTimeout as wait } from "node:timers/promises";
import type { Answer } from "../../local/ask";
import { ask } from "../../local/ask";

/** What became of the requests of a client that asks at a steady rate. */
export interface LoadResult {
  readonly sent: number;
  /** Requests without an answer, or with another status than 200: when it was sent, and what came. */
  readonly failures: readonly { readonly secondsIn: number; readonly what: string }[];
  /** Answers by the service that gave them (header `x-service`). */
  readonly byService: Readonly<Record<string, number>>;
}

/**
 * Requests that may wait for an answer at once. The local AWS starts a container for each parallel call of a function, as AWS
 * starts an environment; on two cores more of them would only keep one another from starting.
 */
const mostAtOnce = 6;

/**
 * Asks a front door at a steady rate while something else goes on. Requests start by the clock, whether or not the former
 * ones are answered, as long as not too many wait.
 *
 * @param perSecond requests a second
 */
export async function underLoad<T>(
  url: string,
  path: string,
  perSecond: number,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly load: LoadResult }> {
  const stopped = new AbortController();
  const client = askSteadily(url, path, perSecond, stopped.signal);
  try {
    const result = await work();
    // What was started last is seen, too.
    await wait(2000);
    return { result, load: await finish() };
  } finally {
    await finish();
  }

  function finish(): Promise<LoadResult> {
    stopped.abort();
    return client;
  }
}

async function askSteadily(
  url: string,
  path: string,
  perSecond: number,
  stop: AbortSignal,
): Promise<LoadResult> {
  const start = performance.now();
  const failures: { secondsIn: number; what: string }[] = [];
  const byService: Record<string, number> = {};
  const running = new Set<Promise<void>>();
  let sent = 0;
  for (; !stop.aborted; sent++) {
    await wait(Math.max(0, start + (1000 * sent) / perSecond - performance.now()));
    while (running.size >= mostAtOnce) await Promise.race(running);
    const secondsIn = (performance.now() - start) / 1000;
    const fail = (what: string) => void failures.push({ secondsIn, what });
    const request = ask(url, path, undefined, 30_000)
      .then(
        (answer) => {
          if (answer.status !== 200) fail(`status ${answer.status}: ${answer.body.slice(0, 100)}`);
          else byService[serviceOf(answer)] = (byService[serviceOf(answer)] ?? 0) + 1;
        },
        (error: Error) => fail(error.message),
      )
      .finally(() => running.delete(request));
    running.add(request);
  }
  await Promise.all(running);
  return { sent, failures, byService };
}

const serviceOf = ({ headers }: Answer) => String(headers["x-service"] ?? "unknown");

/** One line for people: how many requests, who answered, what failed. */
export function describeLoad({ sent, failures, byService }: LoadResult): string {
  const answers = Object.entries(byService)
    .sort()
    .map(([service, count]) => `${service} ${count}`)
    .join(", ");
  const failed = failures
    .slice(0, 3)
    .map(({ secondsIn, what }) => `${what} (${secondsIn.toFixed(1)} s in)`)
    .join("; ");
  return `${sent} requests: ${answers || "none"} answered, ${failures.length} failed${failed ? `: ${failed}` : ""}`;
}
