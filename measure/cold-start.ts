import type { MeasuredContainer } from "./container";
import { ask, exchange } from "./http";
import type { Ask, Exchange } from "./http";

/** A request as it is sent again and again. */
export type RequestSpec = Pick<Ask, "path" | "method" | "headers" | "body">;

/** How the server of an image is asked. */
export interface ServerSpec {
  readonly port: number;
  /** Answers 200 once requests can be served. */
  readonly readyPath: string;
  readonly request: RequestSpec;
}

/** A start from nothing, in milliseconds from the start of the server's process. */
export interface ServerStart {
  /** Until the server said that it is ready. */
  readonly readyMs: number;
  /** Until the first byte of the first answer, and until its last. */
  readonly firstByteMs: number;
  readonly answerMs: number;
}

/** As often as the web adapter asks. */
const pollEveryMs = 10;
const limitMs = 180_000;

/**
 * Gives the order to start, and waits for the first answer.
 *
 * @throws Error when the server does not get ready, or does not answer as it should
 */
export async function startServer(
  container: MeasuredContainer,
  { port, readyPath, request }: ServerSpec,
): Promise<ServerStart> {
  const at = { host: container.address, port, timeoutMs: limitMs };
  const start = performance.now();
  container.order();
  await pollUntil200(() => exchange({ ...at, path: readyPath }), start + limitMs);
  const readyMs = performance.now() - start;
  const answer = await exchange({ ...at, ...request });
  const failure = failureOf(answer);
  if (failure !== undefined) throw new Error(`the first answer of ${request.path}: ${failure}`);
  const answerMs = performance.now() - start;
  return { readyMs, answerMs, firstByteMs: answerMs - answer.ms + (answer.pieces[0]?.atMs ?? answer.ms) };
}

/**
 * What a server says of the phases of its start, in milliseconds by their names, as ours does at `/startup`.
 *
 * @returns undefined for a server that says nothing
 */
export async function reportedPhases(
  container: MeasuredContainer,
  port: number,
): Promise<Record<string, number> | undefined> {
  try {
    const { status, body } = await ask({ host: container.address, port, path: "/startup" });
    if (status !== 200) return undefined;
    const { phases_ms: phases } = JSON.parse(body.toString("utf8")) as { phases_ms?: unknown };
    if (typeof phases !== "object" || phases === null) return undefined;
    const entries = Object.entries(phases as Record<string, unknown>);
    return Object.fromEntries(
      entries.filter((entry): entry is [string, number] => typeof entry[1] === "number"),
    );
  } catch {
    // Another server's path of that name may answer anything.
    return undefined;
  }
}

/** Why an answer is none that counts: its status, or what broke it; undefined for a good one. */
export function failureOf({ status, problem }: Exchange): string | undefined {
  if (problem !== undefined) return problem;
  return status !== undefined && status < 400 ? undefined : `status ${status}`;
}

/** Asks until there is a 200; nothing may listen yet. */
async function pollUntil200(request: () => Promise<Exchange>, end: number): Promise<void> {
  for (;;) {
    const answer = await request();
    if (answer.problem === undefined && answer.status === 200) return;
    if (performance.now() > end) {
      throw new Error(
        `not ready in ${limitMs / 1000} s; last ${failureOf(answer) ?? `status ${answer.status}`}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pollEveryMs));
  }
}
