import type { Docker } from "../../../local/tools/docker";
import { BenchContainer, serverPort } from "./container";
import type { Front } from "./container";
import { ask } from "./http";
import type { Answer } from "./http";
import { invoke } from "./lambda-event";
import { chargedPeakBytes, cpuMs, findProcess, residentPeakBytes } from "./proc";
import type { Variant } from "./variants";

/** One start of a server, in milliseconds from the start of its process. */
export interface StartSample {
  /** Until `/ready` (or `/health` of the light role) answered 200; unknown behind the adapter, which asks itself. */
  readonly readyMs?: number;
  /** Until the first `/retrieve` (or `/models` of the light role) was answered. */
  readonly answerMs: number;
  /** What the server says of its start. */
  readonly phasesMs: Readonly<Record<string, number>>;
  /** Most memory charged to the container, and most that the server's process had at once, in bytes. */
  readonly chargedPeakBytes: number;
  readonly residentPeakBytes: number;
  /** Processor time of the web adapter in the start and the first answer. */
  readonly adapterCpuMs?: number;
}

export interface StartProps {
  readonly variant: Variant;
  readonly image: string;
  readonly cpus: number;
  readonly front: Front;
  readonly lambdaMemoryMb: number;
  readonly precedence: boolean;
}

/** As often as the web adapter asks. */
const pollEveryMs = 10;
const limitMs = 180_000;
const question = { query: "May soldiers be quartered in a house?", limit: 5 };

/** Starts a server in a fresh container and measures until it has answered. */
export async function measureStart(docker: Docker, props: StartProps): Promise<StartSample> {
  const { variant, image, cpus, front, lambdaMemoryMb, precedence } = props;
  const container = await BenchContainer.create(docker, {
    image,
    cpus,
    front,
    lambdaMemoryMb,
    precedence,
    env: variant.env,
  });
  try {
    return await (front === "plain" ? startPlain(container, variant) : startOnLambda(container, variant));
  } catch (error) {
    throw new Error(
      `${variant.name}, ${cpus} vCPU, ${front}: ${(error as Error).message}\n${container.logTail}`,
    );
  } finally {
    await container.remove();
  }
}

async function startPlain(container: BenchContainer, variant: Variant): Promise<StartSample> {
  const get = (path: string, body?: unknown) =>
    ask({ host: container.address, port: serverPort, path, body, timeoutMs: limitMs });
  const start = performance.now();
  container.order();
  await pollUntil200(() => get(variant.retrieves ? "/ready" : "/health"), start + limitMs);
  const readyMs = performance.now() - start;
  expectOk(variant.retrieves ? await get("/retrieve", question) : await get("/models"));
  const answerMs = performance.now() - start;
  return { readyMs, answerMs, ...(await afterwards(container, get)) };
}

async function startOnLambda(container: BenchContainer, variant: Variant): Promise<StartSample> {
  const get = (path: string, body?: unknown) => invoke(container.address, path, body, limitMs);
  const start = performance.now();
  expectOk(variant.retrieves ? await get("/retrieve", question) : await get("/models"));
  const answerMs = performance.now() - start;
  const adapter = findProcess(container.pid, "lambda-adapter");
  if (adapter === undefined) throw new Error("the web adapter does not run");
  const adapterCpuMs = cpuMs(adapter);
  return { answerMs, adapterCpuMs, ...(await afterwards(container, get)) };
}

async function afterwards(container: BenchContainer, get: (path: string) => Promise<Answer>) {
  const report = JSON.parse(expectOk(await get("/startup")).body.toString("utf8")) as {
    phases_ms: Record<string, number>;
  };
  const server = findProcess(container.pid, "retrieval_server");
  if (server === undefined) throw new Error("the server's process is not to be found");
  return {
    phasesMs: report.phases_ms,
    chargedPeakBytes: chargedPeakBytes(container.pid),
    residentPeakBytes: residentPeakBytes(server),
  };
}

/** Asks until there is a 200; nothing may listen yet. */
async function pollUntil200(request: () => Promise<Answer>, end: number): Promise<void> {
  for (;;) {
    const last = await request().then(
      ({ status, body }) => (status === 200 ? undefined : `status ${status}: ${body.toString("utf8")}`),
      (error: Error) => error.message,
    );
    if (last === undefined) return;
    if (performance.now() > end) throw new Error(`not ready in ${limitMs / 1000} s; last ${last}`);
    await new Promise((resolve) => setTimeout(resolve, pollEveryMs));
  }
}

function expectOk(answer: Answer): Answer {
  if (answer.status !== 200)
    throw new Error(`status ${answer.status}: ${answer.body.toString("utf8").slice(0, 300)}`);
  return answer;
}
