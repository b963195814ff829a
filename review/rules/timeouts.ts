import { lookup } from "../lookup";
import { numberOf } from "../../estimate/cost/graph";
import type { Resource } from "../../estimate/resources/resource";
import { blocks } from "../../estimate/resources/resource";
import type { Finding, Rule, RuleContext } from "./rule";
import { eachChange } from "./rule";
import { numbersAt } from "./values";

/** How long something waits for an answer, a byte, a start or an end, by type. */
const waits: Readonly<Record<string, readonly string[]>> = {
  aws_lambda_function: ["timeout"],
  aws_lb: ["idle_timeout", "client_keep_alive"],
  aws_lb_target_group: ["deregistration_delay", "health_check.timeout"],
  aws_apigatewayv2_integration: ["timeout_milliseconds"],
  aws_api_gateway_integration: ["timeout_milliseconds"],
  aws_ecs_service: ["health_check_grace_period_seconds"],
};

/** Environment variables of the servers of a function or task, as far as the plan shows them. */
function environments({ type, values }: Resource): Readonly<Record<string, unknown>>[] {
  if (type === "aws_lambda_function") {
    return blocks(values, "environment").flatMap((environment) => blocks(environment, "variables"));
  }
  if (type !== "aws_ecs_task_definition" || typeof values.container_definitions !== "string") return [];
  let containers: unknown;
  try {
    containers = JSON.parse(values.container_definitions);
  } catch {
    return [];
  }
  return blocks({ containers }, "containers").map((container) =>
    Object.fromEntries(blocks(container, "environment").map(({ name, value }) => [String(name), value])),
  );
}

/** Idle timeouts of load balancers beside a server's own number of seconds, where the plan touches one of the two. */
function besideIdleTimeout(
  { after, changes }: RuleContext,
  variable: string,
  isWrong: (seconds: number, idleSeconds: number) => boolean,
  say: (seconds: number, idleSeconds: number) => string,
): Finding[] {
  const touched = new Set(changes.map(({ address }) => address));
  const servers = after.resources.flatMap((server) =>
    environments(server).flatMap((environment) => {
      const seconds = numberOf(environment[variable]);
      return seconds === undefined ? [] : [{ address: server.address, seconds }];
    }),
  );
  return after.resources
    .filter(({ type }) => type === "aws_lb")
    .flatMap((balancer) => {
      const idleSeconds = numberOf(balancer.values.idle_timeout);
      if (idleSeconds === undefined) return [];
      const wrong = servers.find(
        ({ address, seconds }) =>
          isWrong(seconds, idleSeconds) && (touched.has(address) || touched.has(balancer.address)),
      );
      return wrong ? [{ address: balancer.address, detail: say(wrong.seconds, idleSeconds) }] : [];
    });
}

const albTimeout =
  "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html";

export const timeoutRules: readonly Rule[] = [
  {
    id: "idle-timeout-below-heartbeat",
    severity: "high",
    title: "A load balancer gives up before the server's next heartbeat",
    why: "Every stream is cut in its first pause, without an error in the server's logs",
    wayOut: "Raise the idle timeout well above the heartbeat, or send heartbeats more often",
    source: albTimeout,
    find: (context) =>
      besideIdleTimeout(
        context,
        "HEARTBEAT_SECONDS",
        (heartbeat, idle) => idle <= heartbeat,
        (heartbeat, idle) => `idle timeout ${idle} s, heartbeat ${heartbeat} s`,
      ),
  },
  {
    id: "keep-alive-below-idle-timeout",
    severity: "medium",
    title: "A server closes idle connections before its load balancer does",
    why: "The load balancer now and then sends a request into a connection that is closing: 502 at random",
    wayOut: "Keep the server's keep-alive some seconds above the idle timeout",
    source: albTimeout,
    find: (context) =>
      besideIdleTimeout(
        context,
        "KEEP_ALIVE_SECONDS",
        (keepAlive, idle) => keepAlive <= idle,
        (keepAlive, idle) => `idle timeout ${idle} s, keep-alive ${keepAlive} s`,
      ),
  },
  {
    id: "timeout-lowered",
    severity: "medium",
    title: "Something waits for a shorter time than before",
    why: "Answers, streams, starts or ends that took longer than this now fail",
    wayOut: "Compare the new number with the slowest requests in the logs, cold starts included",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
    find: eachChange((change) => {
      const found = (lookup(waits, change.type) ?? []).flatMap((path) => {
        const values = numbersAt(change, path);
        return values && values.to < values.from ? [`${path} ${values.from} to ${values.to}`] : [];
      });
      return found.length > 0 ? found.join(", ") : undefined;
    }),
  },
  {
    id: "workload-not-served",
    severity: "high",
    title: "The workload can't be served with these limits",
    why: "Answers take longer than the front door or the function waits, or there are more than the largest size can take",
    wayOut: "Another front door, a longer timeout, more CPU, or more tasks",
    source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
    find: ({ cost }) =>
      (cost?.overloaded ?? []).map((text) => {
        const [, address, detail] = /^([^\s"]+) (.*)$/s.exec(text) ?? [undefined, undefined, text];
        return { ...(address !== undefined && { address }), detail };
      }),
  },
];
