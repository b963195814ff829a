import type { Docker } from "../../../local/tools/docker";
import { MeasuredContainer, serverPort } from "../../../measure/container";
import type { Front } from "../../../measure/container";
import { startServer } from "../../../measure/cold-start";
import { ask } from "../../../measure/http";
import type { Answer } from "../../../measure/http";
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

const limitMs = 180_000;
const question = { query: "May soldiers be quartered in a house?", limit: 5 };

/** Starts a server in a fresh container and measures until it has answered. */
export async function measureStart(docker: Docker, props: StartProps): Promise<StartSample> {
  const { variant, image, cpus, front, lambdaMemoryMb, precedence } = props;
  const container = await MeasuredContainer.create(docker, {
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

async function startPlain(container: MeasuredContainer, variant: Variant): Promise<StartSample> {
  const get = (path: string) => ask({ host: container.address, port: serverPort, path, timeoutMs: limitMs });
  const { readyMs, answerMs } = await startServer(container, {
    port: serverPort,
    readyPath: variant.retrieves ? "/ready" : "/health",
    request: variant.retrieves ? { path: "/retrieve", body: question } : { path: "/models" },
  });
  return { readyMs, answerMs, ...(await afterwards(container, get)) };
}

async function startOnLambda(container: MeasuredContainer, variant: Variant): Promise<StartSample> {
  const get = (path: string, body?: unknown) => invoke(container.address, path, body, limitMs);
  const start = performance.now();
  expectOk(variant.retrieves ? await get("/retrieve", question) : await get("/models"));
  const answerMs = performance.now() - start;
  const adapter = findProcess(container.pid, "lambda-adapter");
  if (adapter === undefined) throw new Error("the web adapter does not run");
  const adapterCpuMs = cpuMs(adapter);
  return { answerMs, adapterCpuMs, ...(await afterwards(container, get)) };
}

async function afterwards(container: MeasuredContainer, get: (path: string) => Promise<Answer>) {
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

function expectOk(answer: Answer): Answer {
  if (answer.status !== 200)
    throw new Error(`status ${answer.status}: ${answer.body.toString("utf8").slice(0, 300)}`);
  return answer;
}
