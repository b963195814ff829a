import type { Resource } from "../resources/resource";
import { Unknown, blocks } from "../resources/resource";

/** What a task definition says about a container, as far as an estimate needs it. */
export interface Container {
  readonly portMappings?: readonly unknown[];
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly stopTimeout?: number;
  readonly logConfiguration?: {
    readonly logDriver?: string;
    readonly options?: Readonly<Record<string, string>>;
  };
}

/** The containers of a task definition; none where the file does not hold them. */
export function containersOf({ values }: Resource): readonly Container[] {
  const definitions = values.container_definitions;
  const text = definitions instanceof Unknown ? definitions.text : definitions;
  if (typeof text !== "string") return [];
  try {
    const containers: unknown = JSON.parse(text);
    return Array.isArray(containers) ? (containers as Container[]) : [];
  } catch {
    return [];
  }
}

/** Variables that a function, or a container of a task, gets; without those that are known after apply only. */
export type Environment = Readonly<Record<string, string>>;

export function functionEnvironment({ values }: Resource): Environment {
  const variables = blocks(blocks(values, "environment")[0] ?? {}, "variables")[0] ?? {};
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** Whether the web adapter reports ready before the init phase is over its limit; the first call then waits for the rest. */
export function startsAsynchronously(environment: Environment): boolean {
  return environment.AWS_LWA_ASYNC_INIT === "true";
}

export function containerEnvironment({ environment = [] }: Container): Environment {
  return Object.fromEntries(environment.map(({ name, value }) => [name, value]));
}

/** The container that a front door asks; a task may have others beside it. */
export function servingContainer(definition: Resource): Container {
  const containers = containersOf(definition);
  return containers.find(({ portMappings = [] }) => portMappings.length > 0) ?? containers[0] ?? {};
}
