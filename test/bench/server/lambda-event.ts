import { ask } from "../../../measure/http";
import type { Answer } from "../../../measure/http";

const emulatorPort = 8080;

/** Where the runtime interface emulator takes invocations. */
const invocationPath = "/2015-03-31/functions/function/invocations";

/** What API Gateway's HTTP API sends to a function, payload format 2.0. */
function httpEvent(path: string, body?: unknown): object {
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "",
    headers: { "content-type": "application/json", host: "example.com", "x-forwarded-proto": "https" },
    requestContext: {
      accountId: "123456789012",
      apiId: "api",
      domainName: "example.com",
      domainPrefix: "example",
      http: {
        method: body === undefined ? "GET" : "POST",
        path,
        protocol: "HTTP/1.1",
        sourceIp: "192.0.2.1",
        userAgent: "bench",
      },
      requestId: "id",
      routeKey: "$default",
      stage: "$default",
      time: "12/Mar/2026:19:03:58 +0000",
      timeEpoch: 1773342238390,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}

/**
 * Sends an HTTP request as an invocation. One at a time: the emulator ends itself when a second one comes meanwhile.
 *
 * @returns the function's HTTP answer, with the time of the whole invocation
 */
export async function invoke(
  host: string,
  path: string,
  body?: unknown,
  timeoutMs?: number,
): Promise<Answer> {
  const { body: reply, ms } = await ask({
    host,
    port: emulatorPort,
    path: invocationPath,
    body: httpEvent(path, body),
    timeoutMs,
  });
  const text = reply.toString("utf8");
  const answer = JSON.parse(text) as { statusCode?: number; body?: string; isBase64Encoded?: boolean };
  if (answer.statusCode === undefined) throw new Error(`the invocation of ${path} failed: ${text}`);
  return {
    status: answer.statusCode,
    body: Buffer.from(answer.body ?? "", answer.isBase64Encoded === true ? "base64" : "utf8"),
    ms,
  };
}
