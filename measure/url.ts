import * as http from "node:http";
import * as https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { RequestSpec } from "./cold-start";
import type { Ask } from "./http";
import { exchange } from "./http";
import type { Door, Series } from "./measurement";
import type { Load } from "./open-loop";
import { dueTimes, openLoop } from "./open-loop";
import type { StreamSpec } from "./samples";
import { coldSample, requestSample } from "./samples";
import type { Size } from "./size";
import { seededRandom } from "./statistics";

export interface UrlPlan {
  readonly url: string;
  readonly request: RequestSpec;
  /** of the function or task behind it, if it is known */
  readonly size: Size | undefined;
  readonly rounds: number;
  readonly load: Load;
  readonly stream: StreamSpec | undefined;
  readonly timeoutMs: number;
  readonly seed: number;
  /** how long nothing is sent before each round, and how many requests then come at once; undefined: no cold starts */
  readonly idle: { readonly minutes: number; readonly parallel: number } | undefined;
}

/** Requests before the load that are not measured: connections, and a service that has slept. */
const warmUps = 10;

/**
 * Sends a load to a front door. Before each round nothing is sent for the idle time, after which every one of the parallel
 * requests needs an environment of its own on Lambda; nothing of the deployment is changed.
 */
export async function measureUrl(plan: UrlPlan, report: (progress: string) => void): Promise<Series[]> {
  const { url, request, rounds, load, stream, timeoutMs, idle, size } = plan;
  const at = addressOf(url, request.path);
  const agent = new (at.tls ? https : http).Agent({ keepAlive: true, maxSockets: Infinity });
  const send = () => exchange({ ...request, ...at, timeoutMs, agent, headers: headersOf(at, request) });
  const random = seededRandom(plan.seed);
  const result: Series["rounds"] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      const part = `round ${round} of ${rounds}`;
      if (idle) {
        report(`${part}: idle for ${idle.minutes} min`);
        await sleep(idle.minutes * 60_000);
      }
      const cold = await Promise.all(
        Array.from({ length: idle?.parallel ?? 0 }, async () => coldSample(await send())),
      );
      for (let n = 0; n < warmUps; n++) await send();
      report(`${part}: ${load.rate} requests a second`);
      const warm = await openLoop(dueTimes(load, random), send, (sent) => requestSample(sent, stream));
      result.push({ cold, warm });
    }
  } finally {
    agent.destroy();
  }
  return [{ ...(size && { size: { ...size, cpus: size.vcpu } }), rounds: result }];
}

interface Address extends Pick<Ask, "host" | "port" | "path" | "tls"> {
  /** name and port, as the Host header has them */
  readonly name: string;
}

function addressOf(url: string, path: string): Address {
  const { protocol, hostname, port, host, pathname } = new URL(url);
  const tls = protocol === "https:";
  // RFC 6761: names below localhost are this machine, which not every resolver knows.
  const isLocal = hostname.endsWith(".localhost");
  return {
    host: isLocal ? "127.0.0.1" : hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (tls ? 443 : 80) : Number(port),
    path: pathname.replace(/\/$/, "") + path,
    tls,
    name: host,
  };
}

const headersOf = ({ name }: Address, { headers }: RequestSpec) => ({ host: name, ...headers });

/** Which front door a name of AWS belongs to; HTTP and REST APIs have the same names. */
export function doorOf(url: string): Door | undefined {
  const { hostname } = new URL(url);
  if (/\.elb\.amazonaws\.com$|\.alb\.localhost$/.test(hostname)) return "alb";
  return /\.lambda-url\..*\.on\.aws$/.test(hostname) ? "functionUrl" : undefined;
}
