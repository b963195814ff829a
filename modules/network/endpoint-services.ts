import { fargatesOf, servicesOf } from "../../profiles/limits";
import type { Profile } from "../../profiles/schema";
import { storeOf } from "../secrets";

/** What a service that runs in a network without a way to the internet asks of AWS, by the name of its endpoint. */
export type EndpointService =
  "ecr.api" | "ecr.dkr" | "logs" | "secretsmanager" | "ssm" | "ssmmessages" | "xray";

/**
 * Endpoints that a profile's services need to start and run; each costs money by the hour, so no others. S3, which
 * holds the layers of images, isn't among them: its endpoint is free and always there. Functions need fewer: Lambda
 * pulls their image and takes their logs and traces outside of the VPC.
 *
 * Source: docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html;
 * docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html, 2026-11
 */
export function endpointServices(profile: Profile): EndpointService[] {
  const tasks = fargatesOf(profile);
  const inVpc = servicesOf(profile).filter(([, s]) => s.runtime === "fargate" || s.vpc);
  const secrets = inVpc.flatMap(([, s]) => Object.values({ ...profile.container.secrets, ...s.secrets }));
  const needed: readonly (readonly [EndpointService, boolean])[] = [
    ["ecr.api", tasks.length > 0],
    ["ecr.dkr", tasks.length > 0],
    ["logs", tasks.length > 0],
    ["secretsmanager", secrets.some((arn) => storeOf(arn) === "secretsmanager")],
    ["ssm", secrets.some((arn) => storeOf(arn) === "ssm")],
    ["ssmmessages", tasks.some(([, s]) => s.executeCommand)],
    ["xray", tasks.length > 0 && profile.container.tracing === "xray"],
  ];
  return needed.flatMap(([service, needs]) => (needs ? [service] : []));
}
