import * as http from "node:http";
import { waitUntil } from "../../../local/tools/context";
import type { MeasuredContainer, Front } from "../../../measure/container";
import { serverPort } from "../../../measure/container";
import { ask } from "../../../measure/http";
import type { Answer } from "../../../measure/http";
import { invoke } from "./lambda-event";

/** Warm requests to one container; times in milliseconds. */
export interface WarmSample {
  /** `GET /health` one after the other: what HTTP and this client take, without any search. */
  readonly healthMs: number[];
  /** `POST /retrieve` one after the other. */
  readonly retrieveMs: number[];
  /** `POST /retrieve` by several clients at once; absent on Lambda, where an environment has one request at a time. */
  readonly parallelMs?: number[];
  readonly perSecond?: number;
}

export interface WarmProps {
  readonly questions: readonly string[];
  /** Requests one after the other. */
  readonly requests: number;
  readonly clients: number;
  /** How long the clients go on. */
  readonly seconds: number;
}

const hits = 5;
const warmUps = 50;

export async function measurePlain(container: MeasuredContainer, props: WarmProps): Promise<WarmSample> {
  const { questions, requests, clients, seconds } = props;
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const send = (path: string, body?: unknown): Promise<Answer> =>
    ask({ host: container.address, port: serverPort, path, body, agent });
  const sequential = await oneByOne(send, questions, requests);
  const end = performance.now() + seconds * 1000;
  const start = performance.now();
  const parallelMs: number[] = [];
  let asked = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < end) parallelMs.push(await retrieve(send, questions, asked++));
  };
  await Promise.all(Array.from({ length: clients }, client));
  const perSecond = (parallelMs.length * 1000) / (performance.now() - start);
  agent.destroy();
  return { ...sequential, parallelMs, perSecond };
}

export function measureOnLambda(container: MeasuredContainer, props: WarmProps): Promise<WarmSample> {
  return oneByOne((path, body) => invoke(container.address, path, body), props.questions, props.requests);
}

type Send = (path: string, body?: unknown) => Promise<Answer>;

async function oneByOne(send: Send, questions: readonly string[], requests: number): Promise<WarmSample> {
  for (let n = 0; n < warmUps; n++) await retrieve(send, questions, n);
  const healthMs: number[] = [];
  const retrieveMs: number[] = [];
  for (let n = 0; n < requests; n++) {
    retrieveMs.push(await retrieve(send, questions, n));
    if (n % 10 === 0) healthMs.push((await send("/health")).ms);
  }
  return { healthMs, retrieveMs };
}

/** @throws Error when the answer is not what a search over a large index gives */
async function retrieve(send: Send, questions: readonly string[], n: number): Promise<number> {
  const { status, body, ms } = await send("/retrieve", {
    query: questions[n % questions.length],
    limit: hits,
  });
  const text = body.toString("utf8");
  if (status !== 200) throw new Error(`status ${status}: ${text.slice(0, 300)}`);
  const found = (JSON.parse(text) as { data: unknown[] }).data.length;
  if (found !== hits) throw new Error(`${found} passages instead of ${hits}: ${text.slice(0, 300)}`);
  return ms;
}

/**
 * Starts the server and waits until it is ready.
 *
 * @returns milliseconds that it took to load the index, as it says itself
 * @throws Error when the index has another size than `chunks`
 */
export async function startWithIndex(
  container: MeasuredContainer,
  front: Front,
  chunks: number,
): Promise<number> {
  const get = (path: string): Promise<Answer> =>
    front === "plain"
      ? ask({ host: container.address, port: serverPort, path })
      : invoke(container.address, path);
  container.order();
  let last = "";
  const ready = await waitUntil(
    async () => {
      const answer = await get("/ready").catch((error: Error) => error);
      last = answer instanceof Error ? answer.message : answer.body.toString("utf8");
      return !(answer instanceof Error) && answer.status === 200;
    },
    120_000,
    100,
  );
  if (!ready) throw new Error(`not ready: ${last}`);
  const { passages } = JSON.parse(last) as { passages?: number };
  if (passages !== chunks) throw new Error(`the index has ${passages} chunks instead of ${chunks}`);
  const report = JSON.parse((await get("/startup")).body.toString("utf8")) as {
    phases_ms: { index: number };
  };
  return report.phases_ms.index;
}
