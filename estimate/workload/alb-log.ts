import { InputError } from "../../profiles/errors";
import { fieldsOf, pathOf } from "./lines";
import type { Line } from "./lines";
import type { RequestRecord } from "./request-record";

/**
 * Places of the fields in an access log of an Application Load Balancer. Newer logs have more at the end.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
const place = {
  type: 0,
  time: 1,
  client: 3,
  targetSeconds: 6,
  receivedBytes: 10,
  sentBytes: 11,
  request: 12,
  userAgent: 13,
  created: 21,
  connection: 29,
} as const;

const kinds = ["http", "https", "h2", "grpcs", "ws", "wss"];

/**
 * An answer that goes on for longer than this after its beginning is taken for a stream: the log does not say which are.
 */
const streamSeconds = 2;

/** Monitors that say so in their user agent: health checks of Route 53 and load balancers, uptime services, Kubernetes. */
const monitor = /health-?check|uptime|pingdom|kube-probe|blackbox/i;

export const isAlbLine = (text: string) =>
  kinds.some((kind) => text.startsWith(`${kind} `)) && /^\S+ \d{4}-\d\d-\d\dT/.test(text);

/** @throws InputError that names the line, the field and its value */
export function albRecord(line: Line): RequestRecord {
  const fields = fieldsOf(line, " ");
  if (!kinds.includes(fields[place.type]!) || fields.length <= place.created) {
    throw new InputError([
      `${line.place}: is not a line of an ALB's access log: it has ${fields.length} fields, of which the first is "${fields[0]}"; at least ${place.created + 1} are needed, the first of ${kinds.join(", ")}`,
    ]);
  }
  const number = (name: keyof typeof place) => {
    const value = Number(fields[place[name]]);
    if (Number.isFinite(value)) return value;
    throw new InputError([`${line.place}: ${name} = "${fields[place[name]]}": must be a number`]);
  };
  const time = (name: "time" | "created") => {
    const text = fields[place[name]]!;
    const value = Date.parse(text);
    if (Number.isFinite(value)) return value;
    throw new InputError([`${line.place}: ${name} = "${text}": must be like 2026-08-01T08:00:00.000000Z`]);
  };
  // The line is written when the answer is out; the request came before.
  const created = time("created");
  const targetSeconds = number("targetSeconds");
  const answered = targetSeconds >= 0;
  const after = (time("time") - created) / 1000 - Math.max(0, targetSeconds);
  return {
    timeMs: created,
    requests: 1,
    // "GET https://host:443/path HTTP/1.1"
    path: pathOf(fields[place.request]!.split(" ")[1] ?? "/"),
    // -1: no target answered, so there is no service time.
    ...(answered ? { ms: targetSeconds * 1000 } : {}),
    requestBytes: number("receivedBytes"),
    responseBytes: number("sentBytes"),
    ...(answered && after > streamSeconds ? { streamSeconds: after } : {}),
    // Logs from before 2024 have no connection id; the client's port is new with each connection.
    connection: fields[place.connection] ?? fields[place.client]!,
    ping: monitor.test(fields[place.userAgent]!),
  };
}
