import { blocks } from "../estimate/resources/resource";
import type { Profile } from "../profiles/schema";
import type { Settings } from "../stacks/settings";
import { resourcesOfProfiles } from "./profile-resources";

/** Where a service's containers write to. */
interface ServiceLog {
  readonly group: string;
  readonly runtime: "lambda" | "fargate";
}

/** The log groups of a profile's services, by the names that its stack would give them. Needs no account. */
export function serviceLogs(profile: Profile, settings: Settings): ServiceLog[] {
  const [{ model }] = resourcesOfProfiles([profile], settings) as [ReturnType<typeof resourcesOfProfiles>[0]];
  return model.resources.flatMap(({ type, values }): ServiceLog[] => {
    if (type === "aws_lambda_function") {
      return blocks(values, "logging_config").map(({ log_group }) => ({
        group: String(log_group),
        runtime: "lambda",
      }));
    }
    if (type !== "aws_ecs_task_definition") return [];
    const containers = JSON.parse(String(values.container_definitions)) as ContainerDefinition[];
    const groups = containers.map(({ logConfiguration }) => logConfiguration?.options?.["awslogs-group"]);
    return [...new Set(groups)].flatMap((group) => (group ? [{ group, runtime: "fargate" }] : []));
  });
}

interface ContainerDefinition {
  readonly logConfiguration?: { readonly options?: Readonly<Record<string, string>> };
}
