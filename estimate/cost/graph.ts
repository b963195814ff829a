import type { Resource, ResourceModel } from "../resources/resource";
import { Unknown } from "../resources/resource";

/** Attributes by which other resources name a resource. */
const nameAttributes = [
  "arn",
  "id",
  "invoke_arn",
  "qualified_arn",
  "function_name",
  "name",
  "family",
  "bucket",
];

/** The resources of a model, and which of them a value names. */
export class Graph {
  private readonly types = new Map<string, Resource[]>();
  private readonly addresses = new Map<string, Resource>();
  private readonly names = new Map<string, Resource>();
  private readonly users = new Map<string, Map<string, Resource[]>>();

  constructor(readonly model: ResourceModel) {
    // A state, a plan and a synth have orders of their own, and a simulation would draw other random numbers in another one.
    const resources = model.resources.map(withoutDefaults).sort((a, b) => (a.address < b.address ? -1 : 1));
    for (const resource of resources) {
      this.addresses.set(resource.address, resource);
      const ofType = this.types.get(resource.type);
      if (ofType) ofType.push(resource);
      else this.types.set(resource.type, [resource]);
      for (const attribute of nameAttributes) {
        const value = resource.values[attribute];
        const key = `${resource.type} ${String(value)}`;
        if (typeof value === "string" && !this.names.has(key)) this.names.set(key, resource);
      }
    }
  }

  all(...types: string[]): Resource[] {
    return types.flatMap((type) => this.types.get(type) ?? []);
  }

  typesMet(): string[] {
    return [...this.types.keys()].sort();
  }

  /** The resource of one of these types that a value refers to, by reference, ARN, id or name. */
  find(value: unknown, ...types: string[]): Resource | undefined {
    if (value instanceof Unknown) {
      return value.references
        .map(({ address }) => this.addresses.get(address))
        .find((resource) => resource && types.includes(resource.type));
    }
    if (typeof value !== "string") return undefined;
    return types.map((type) => this.names.get(`${type} ${value}`)).find((resource) => resource);
  }

  /** All resources of a type whose attribute names this resource. */
  usersOf(resource: Resource, type: string, attribute: string): Resource[] {
    const relation = `${type}.${attribute}`;
    let users = this.users.get(relation);
    if (!users) {
      users = new Map();
      for (const user of this.all(type)) {
        const value = user.values[attribute];
        for (const used of this.named(value)) {
          const list = users.get(used.address);
          if (list) list.push(user);
          else users.set(used.address, [user]);
        }
      }
      this.users.set(relation, users);
    }
    return users.get(resource.address) ?? [];
  }

  /** Every resource that a value may name, whatever its type. */
  private named(value: unknown): Resource[] {
    if (value instanceof Unknown) {
      return value.references.flatMap(({ address }) => this.addresses.get(address) ?? []);
    }
    if (typeof value !== "string") return [];
    return [...this.types.keys()].flatMap((type) => this.names.get(`${type} ${value}`) ?? []);
  }

  /** The Lambda function that a name, ARN, invoke ARN, alias or API integration URI leads to. */
  functionOf(value: unknown): Resource | undefined {
    const direct = this.find(value, "aws_lambda_function");
    if (direct) return direct;
    const alias = this.find(value, "aws_lambda_alias");
    if (alias) return this.functionOf(alias.values.function_name);
    if (typeof value !== "string") return undefined;
    const name = /:function:([^:/]+)/.exec(value)?.[1] ?? /^function:([^:]+)/.exec(value)?.[1];
    return name === undefined ? undefined : this.find(name, "aws_lambda_function");
  }

  /** The ECS service that a resource id such as `service/cluster/name` or an ARN means. */
  ecsServiceOf(value: unknown): Resource | undefined {
    const direct = this.find(value, "aws_ecs_service");
    if (direct || typeof value !== "string") return direct;
    return this.find(value.split("/").at(-1), "aws_ecs_service");
  }
}

/** A plan leaves what nobody wrote unknown, as AWS will set it: to a cost that is the same as an absent argument. */
function withoutDefaults(resource: Resource): Resource {
  const isDefault = (value: unknown) => value instanceof Unknown && value.byDefault;
  if (!Object.values(resource.values).some(isDefault)) return resource;
  const values = Object.entries(resource.values).filter(([, value]) => !isDefault(value));
  return { ...resource, values: Object.fromEntries(values) };
}

/** A number that the file holds, whether as a number or as text. Unknown or absent: undefined. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A list that the file holds; an unknown list has no length, and is undefined. */
export function listOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : undefined;
}
