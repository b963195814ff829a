import * as http from "node:http";

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** Milliseconds from the request to the last byte. */
  readonly ms: number;
}

export interface Ask {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Sent as JSON with POST. @default - GET without a body */
  readonly body?: unknown;
  /** @default 60000 */
  readonly timeoutMs?: number;
  /** For connections that stay open. @default - one connection a request */
  readonly agent?: http.Agent;
}

/** Sends one request and reads the answer to its end. */
export function ask({ host, port, path, body, timeoutMs = 60_000, agent }: Ask): Promise<Answer> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers =
    payload === undefined ? {} : { "content-type": "application/json", "content-length": payload.length };
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host, port, path, method: payload === undefined ? "GET" : "POST", headers, agent: agent ?? false },
      (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(pieces),
            ms: performance.now() - start,
          }),
        );
      },
    );
    request.setTimeout(timeoutMs, () =>
      request.destroy(new Error(`no answer from ${host}:${port}${path} in ${timeoutMs} ms`)),
    );
    request.on("error", reject);
    request.end(payload);
  });
}
