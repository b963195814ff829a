import type { Ingress, Profile } from "../profiles/schema";
import { InputError } from "../profiles/errors";
import type { EcsService, LambdaFunction } from "../modules/aws";
import type { TerraformResource, TerraformStack } from "../modules/cdktf";
import { note } from "./tools/context";

/** One way in which a local deployment is not what AWS would run. */
interface Difference {
  readonly what: string;
  readonly why: string;
}

/** Every difference between a local deployment and a real one; printed at each deploy. */
const differences: readonly Difference[] = [
  {
    what: "The image is named by a local tag made from its content, not by an ECR digest",
    why: "the local AWS has no registry to push to; the Docker engine holds the image",
  },
  {
    what: "Functions run under the Lambda runtime interface emulator: no 10 s limit of the init phase, responses in one piece, also of those that stream",
    why: "that is what runs a Lambda image outside AWS",
  },
  {
    what: "An apply does not wait until an ECS service is steady; the local commands wait for its first answer",
    why: "the local AWS has no ServiceDeployments API, so the provider would wait for ever",
  },
  {
    what: "Tasks get no CPU and memory limits, a writable root file system, and no security groups",
    why: "the local AWS starts them as plain containers",
  },
  {
    what: "No autoscaling, and no monitoring: alarms, dashboard, metrics from logs and saved queries",
    why: "the local AWS does not speak these APIs with this provider",
  },
  {
    what: "A load balancer sends requests to a new task before it listens, which answers 502 for that moment",
    why: "the local AWS checks no target's health and calls every one healthy",
  },
  {
    what: "No WAF, no access logs of a load balancer, and no rollback on alarms",
    why: "the local AWS looks at no request for a WAF, writes no such logs, and has no alarms that the provider could make",
  },
  {
    what: "A REST API without a throttle has that of a new account: 10,000 requests a second",
    why: "the local AWS takes Terraform's value for no throttle as no request at all",
  },
  {
    what: "No VPC link: profiles with Fargate behind API Gateway can't be deployed locally",
    why: "the local AWS has none",
  },
];

/** Prints the list on standard error. */
export function printDifferences(): void {
  note("The local AWS differs from a real account in this:");
  for (const { what, why } of differences) note(`  - ${what} (${why})`);
}

/** Resource types that are left out. */
const leftOut = new Set([
  "aws_appautoscaling_policy",
  "aws_appautoscaling_scheduled_action",
  "aws_appautoscaling_target",
]);

/** Command of the server in the image, which the emulator starts. */
const serverCommand = ["python3", "-m", "retrieval_server"];

/**
 * Changes a stack as the list above says, and in no other way. Resources are told by their type's name, not by their class:
 * commands that only read the list would load the bindings of all of AWS for it.
 */
export function applyDifferences(stack: TerraformStack): void {
  for (const construct of stack.node.findAll()) {
    const { node, terraformResourceType: type } = construct as TerraformResource;
    if (leftOut.has(type)) {
      node.scope!.node.tryRemoveChild(node.id);
    } else if (type === "aws_ecs_service") {
      (construct as EcsService).waitForSteadyState = false;
    } else if (type === "aws_lambda_function") {
      const entryPoint = ["/usr/local/bin/aws-lambda-rie"];
      (construct as LambdaFunction).putImageConfig({ entryPoint, command: serverCommand });
    }
  }
}

/** A profile without what the list above leaves out. */
export function localProfile(profile: Profile): Profile {
  const { ingress, services } = profile;
  return {
    ...profile,
    services: Object.fromEntries(
      Object.entries(services).map(([name, service]) => [
        name,
        service.runtime === "lambda" ? { ...service, streaming: false } : service,
      ]),
    ),
    monitoring: "off",
    rollbackAtErrorPercent: undefined,
    ingress: localIngress(ingress),
  };
}

function localIngress(ingress: Ingress): Ingress {
  if (ingress.kind === "alb") return { ...ingress, accessLogs: false, waf: undefined };
  if (ingress.protocol === "http") return ingress;
  const throttling = ingress.throttling ?? { ratePerSecond: 10_000, burst: 5000 };
  return { ...ingress, waf: undefined, throttling };
}

/** Whether a profile can be deployed locally. */
export function isDeployable(profile: Profile): boolean {
  return !(
    profile.ingress.kind === "apiGateway" &&
    Object.values(profile.services).some((s) => s.runtime === "fargate")
  );
}

/** @throws InputError that names what the local AWS lacks */
export function checkDeployable(profile: Profile): void {
  if (isDeployable(profile)) return;
  throw new InputError([
    `profile "${profile.name}": can't be deployed to the local AWS, because it reaches Fargate tasks from API Gateway ` +
      "through a VPC link, and the local AWS has no VPC links (aws_apigatewayv2_vpc_link). " +
      "Deploy it to a real account, or use a profile with a load balancer, like fargate-sse",
  ]);
}
