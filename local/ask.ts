import { createHash } from "node:crypto";
import * as http from "node:http";
import { localPort } from "./tools/ministack";

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** Milliseconds from the request to the last byte. */
  readonly ms: number;
  /** Milliseconds from the request to the arrival of each piece of the body. */
  readonly piecesMs: readonly number[];
}

/**
 * Sends one request through a front door of the local AWS, which tells its front doors apart by the Host header.
 *
 * @param url output `url` of a deployed profile
 * @param body sent as JSON with POST. @default - GET
 */
export function ask(url: string, path: string, body?: unknown, timeoutMs = 60_000): Promise<Answer> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const door = new URL(browsableUrl(url));
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: "127.0.0.1",
        port: localPort(),
        // A REST API has its stage in front.
        path: door.pathname.replace(/\/$/, "") + path,
        method: payload === undefined ? "GET" : "POST",
        headers: {
          host: door.host,
          ...(payload === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) }),
        },
        timeout: timeoutMs,
      },
      (response) => {
        const pieces: Buffer[] = [];
        const piecesMs: number[] = [];
        response.on("data", (piece: Buffer) => {
          pieces.push(piece);
          piecesMs.push(performance.now() - start);
        });
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(pieces).toString("utf8"),
            ms: performance.now() - start,
            piecesMs,
          }),
        );
      },
    );
    request.on("timeout", () =>
      request.destroy(new Error(`no answer from ${url}${path} in ${timeoutMs} ms`)),
    );
    request.on("error", reject);
    request.end(payload);
  });
}

/** Asks until the service answers 200, as a fresh deployment takes a moment. @returns milliseconds that it took */
export async function waitForAnswer(url: string, path = "/models", timeoutMs = 60_000): Promise<number> {
  const start = performance.now();
  for (;;) {
    const last = await ask(url, path).then(
      (answer) => `status ${answer.status}: ${answer.body.slice(0, 200)}`,
      (error: Error) => error.message,
    );
    if (last.startsWith("status 200")) return performance.now() - start;
    if (performance.now() - start > timeoutMs)
      throw new Error(`${url}${path} did not answer 200 in time; last ${last}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** The text of a streamed chat, put together from its server-sent events. */
export function streamedText(body: string): string {
  return body
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice("data: ".length)) as ChatChunk)
    .map((chunk) => chunk.choices?.[0]?.delta?.content ?? "")
    .join("");
}

interface ChatChunk {
  readonly choices?: { readonly delta?: { readonly content?: string } }[];
}

/** First 12 hex digits of the SHA-256 of a text. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** The same front door under a name that a browser or curl on this machine finds by itself. */
export function browsableUrl(url: string): string {
  const { hostname, pathname } = new URL(url);
  const loadBalancer = /^(.*)-[0-9a-z]+\.[a-z0-9-]+\.elb\.amazonaws\.com$/.exec(hostname)?.[1];
  const api = /^([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com$/.exec(hostname)?.[1];
  const host =
    loadBalancer !== undefined
      ? `${loadBalancer}.alb.localhost`
      : api !== undefined
        ? `${api}.execute-api.localhost`
        : hostname;
  return `http://${host}:${localPort()}${pathname.replace(/\/$/, "")}`;
}
