import * as http from "node:http";
import type { Docker } from "../local/tools/docker";
import { InputError } from "../profiles/errors";
import type { ServerSpec } from "./cold-start";
import { reportedPhases, startServer } from "./cold-start";
import { MeasuredContainer } from "./container";
import { exchange } from "./http";
import type { ColdSample, RequestSample, Series } from "./measurement";
import type { Load } from "./open-loop";
import { dueTimes, openLoop } from "./open-loop";
import type { StreamSpec } from "./samples";
import { requestSample } from "./samples";
import type { Size } from "./size";
import { cpusOf } from "./size";
import { seededRandom } from "./statistics";

/** What Docker says of an image, as far as it is measured. */
export interface ImageFacts {
  /** its id first, then its digests in registries */
  readonly digests: readonly string[];
  readonly port: number;
  readonly readyPath: string;
}

/** Where the web adapter expects a server and its readiness, when nothing says otherwise. */
const adapterDefaults = { port: "8080", readyPath: "/" };

/**
 * Reads where the server of an image listens and says that it is ready: as the web adapter does, from its variables.
 * Source: github.com/aws/aws-lambda-web-adapter, README, 2026-11
 *
 * @throws InputError when there is no such image here
 */
export async function imageFacts(docker: Docker, image: string): Promise<ImageFacts> {
  const id = await docker.imageId(image);
  if (id === undefined) {
    throw new InputError([
      `--image = "${image}": Docker has no such image; build it with \`npx lambda-or-fargate image build\`, or \`docker pull\` it`,
    ]);
  }
  const format = "[{{json .RepoDigests}},{{json .Config.Env}}]";
  const [repoDigests, env] = JSON.parse(
    await docker.run(["image", "inspect", "--format", format, image]),
  ) as [string[] | null, string[] | null];
  const variable = (name: string) =>
    env?.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) || undefined;
  const inRegistries = (repoDigests ?? []).map((name) => name.slice(name.indexOf("@") + 1));
  return {
    digests: [...new Set([id, ...inRegistries])],
    port: Number(variable("AWS_LWA_PORT") ?? variable("PORT") ?? adapterDefaults.port),
    readyPath: variable("AWS_LWA_READINESS_CHECK_PATH") ?? adapterDefaults.readyPath,
  };
}

export interface ImagePlan {
  readonly image: string;
  readonly server: ServerSpec;
  readonly env: Readonly<Record<string, string>>;
  readonly sizes: readonly Size[];
  /** starts of each size, in all rounds together */
  readonly starts: number;
  readonly rounds: number;
  readonly load: Load;
  readonly stream: StreamSpec | undefined;
  readonly timeoutMs: number;
  readonly seed: number;
  readonly precedence: boolean;
}

/** Requests before the load, which are not measured: the first ones of a server are slower. */
const warmUps = { most: 50, forMs: 2000 };

/**
 * Starts an image in fresh containers of each size and sends it a load. Sizes take turns in each round, from another one
 * on each time, so that what else the machine does hits all of them alike.
 *
 * @param report is told how far it is
 */
export async function measureImage(
  docker: Docker,
  plan: ImagePlan,
  report: (progress: string) => void,
): Promise<Series[]> {
  const { sizes, rounds } = plan;
  const starts = Math.ceil(plan.starts / rounds);
  const random = seededRandom(plan.seed);
  const series = sizes.map((size) => ({ size, rounds: [] as Series["rounds"] }));
  const total = sizes.length * rounds * starts;
  let done = 0;
  // The first start reads the image from the disk, and is not counted.
  await measureContainer(docker, plan, sizes[0]!, undefined);
  for (let round = 0; round < rounds; round++) {
    const samples = sizes.map(() => ({ cold: [] as ColdSample[], warm: [] as RequestSample[] }));
    for (let start = 0; start < starts; start++) {
      for (let n = 0; n < sizes.length; n++) {
        const i = (n + round + start) % sizes.length;
        // Every size has the same share of its requests after each of its starts.
        const due = dueTimes({ ...plan.load, seconds: plan.load.seconds / starts }, random);
        const { cold, warm } = await measureContainer(docker, plan, sizes[i]!, due);
        samples[i]!.cold.push(cold);
        samples[i]!.warm.push(...warm);
        report(`${++done} of ${total} starts`);
      }
    }
    for (const [i, sample] of samples.entries()) series[i]!.rounds.push(sample);
  }
  return series.map(({ size, rounds }) => ({ size: { ...size, cpus: cpusOf(size) }, rounds }));
}

async function measureContainer(
  docker: Docker,
  { image, server, env, stream, timeoutMs, precedence }: ImagePlan,
  size: Size,
  due: readonly number[] | undefined,
): Promise<{ cold: ColdSample; warm: RequestSample[] }> {
  const container = await MeasuredContainer.create(docker, {
    image,
    cpus: cpusOf(size),
    memoryMb: size.memoryMb,
    front: "plain",
    env,
    precedence,
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
  try {
    const { readyMs, firstByteMs, answerMs } = await startServer(container, server);
    const phasesMs = await reportedPhases(container, server.port);
    const cold = { ms: answerMs, firstByteMs, readyMs, ...(phasesMs && { phasesMs }) };
    if (due === undefined || due.length === 0) return { cold, warm: [] };
    const send = () =>
      exchange({ host: container.address, port: server.port, timeoutMs, agent, ...server.request });
    const end = performance.now() + warmUps.forMs;
    for (let n = 0; n < warmUps.most && performance.now() < end; n++) await send();
    return { cold, warm: await openLoop(due, send, (sent) => requestSample(sent, stream)) };
  } catch (error) {
    throw new Error(`${image}, ${size.name}: ${(error as Error).message}\n${container.logTail}`);
  } finally {
    agent.destroy();
    await container.remove();
  }
}
