import type { Resource } from "../resources/resource";
import { Unknown } from "../resources/resource";

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
