import * as http from "node:http";
import * as https from "node:https";

export interface Ask {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** @default false */
  readonly tls?: boolean;
  /** @default - POST with a body, GET without */
  readonly method?: string;
  /** @default - the content type of the body, if there is one */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when it is bytes, else as JSON. @default - none */
  readonly body?: unknown;
  /** @default 60000 */
  readonly timeoutMs?: number;
  /** For connections that stay open. @default - one connection a request */
  readonly agent?: http.Agent;
}

/** What became of a request. Times are milliseconds from the moment it was sent. */
export interface Exchange {
  readonly status: number | undefined;
  /** of the body, as far as it came */
  readonly pieces: readonly { readonly atMs: number; readonly bytes: Buffer }[];
  /** Until the last byte, or until it failed. */
  readonly ms: number;
  /** Why there is no whole answer: a code of the system, like ECONNREFUSED, or `timeout`; undefined when there is one. */
  readonly problem: string | undefined;
}

/** Sends one request and reads the answer to its end. It never rejects: a failure is a result, with what came before it. */
export function exchange(props: Ask): Promise<Exchange> {
  const { host, port, path, tls = false, body, timeoutMs = 60_000, agent } = props;
  const payload =
    body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body), "utf8");
  const headers = {
    ...(payload === undefined ? {} : { "content-type": "application/json" }),
    ...props.headers,
    ...(payload === undefined ? {} : { "content-length": String(payload.length) }),
  };
  const method = props.method ?? (payload === undefined ? "GET" : "POST");
  const start = performance.now();
  return new Promise((resolve) => {
    const pieces: { atMs: number; bytes: Buffer }[] = [];
    let status: number | undefined;
    const end = (problem?: string) => {
      clearTimeout(limit);
      const ms = performance.now() - start;
      resolve({ status, pieces, ms, problem });
    };
    const fail = (error: NodeJS.ErrnoException) => end(error.code ?? error.message);
    const request = (tls ? https : http).request(
      { host, port, path, method, headers, agent: agent ?? false },
      (response) => {
        status = response.statusCode;
        response.on("data", (bytes: Buffer) => pieces.push({ atMs: performance.now() - start, bytes }));
        response.on("error", fail);
        response.on("end", () => end());
      },
    );
    const limit = setTimeout(() => {
      end("timeout");
      request.destroy();
    }, timeoutMs);
    request.on("error", fail);
    request.end(payload);
  });
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** Milliseconds from the request to the last byte. */
  readonly ms: number;
}

/** The same for an answer that has to come. @throws Error when there is none, or not all of it */
export async function ask(props: Ask): Promise<Answer> {
  const { status, pieces, ms, problem } = await exchange(props);
  if (problem !== undefined || status === undefined) {
    throw new Error(
      `no whole answer from ${props.host}:${props.port}${props.path} (${problem}, ${Math.round(ms)} ms)`,
    );
  }
  return { status, body: Buffer.concat(pieces.map(({ bytes }) => bytes)), ms };
}
