import type { ValueSource } from "./plan-marks";
import type { ModuleConfiguration, ModuleValues, ResourceValues } from "./plan-schema";
import type { Reference } from "./resource";

/** One instance of a module: what it is called from, what its configuration says, what it holds. */
interface Scope {
  readonly address: string | undefined;
  readonly parent?: Scope;
  readonly call?: string;
  readonly index?: string;
  readonly configuration: ModuleConfiguration;
  /** resources of the configuration by `type.name` */
  readonly configured: ReadonlyMap<string, ModuleConfiguration["resources"][number]>;
  /** addresses of the instances by `type.name`, then by index */
  readonly instances: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** instances of the called modules by call, then by index */
  readonly children: Map<string, Map<string, Scope>>;
  /** references that were looked up before */
  readonly known: Map<string, readonly Reference[]>;
}

/**
 * Follows the references of a plan's configuration through variables and outputs of modules to resource instances.
 * A plan's configuration has no instances and leaves out what locals hold: where it does not say which instance is
 * meant, it is the one with the user's own index, else all of them.
 */
export class PlanReferences {
  private readonly scopes = new Map<string | undefined, Scope>();

  constructor(values: ModuleValues, configuration: ModuleConfiguration) {
    this.addScope(values, configuration);
  }

  /** @param module address of the module instance that holds the resource */
  of(module: string | undefined, resource: ResourceValues): ValueSource {
    const scope = this.scopes.get(module);
    const expressions = scope?.configured.get(`${resource.type}.${resource.name}`)?.expressions;
    return this.source(scope, expressions, indexKey(resource.index));
  }

  private addScope(
    values: ModuleValues,
    configuration: ModuleConfiguration,
    link?: Pick<Scope, "parent" | "call" | "index">,
  ): Scope {
    const instances = new Map<string, Map<string, string>>();
    for (const { mode, type, name, index, address } of values.resources) {
      if (mode !== "managed") continue;
      const key = `${type}.${name}`;
      if (!instances.has(key)) instances.set(key, new Map());
      instances.get(key)!.set(indexKey(index), address);
    }
    const scope: Scope = {
      ...link,
      address: values.address,
      configuration,
      configured: new Map(
        configuration.resources
          .filter(({ mode }) => mode === "managed")
          .map((resource) => [`${resource.type}.${resource.name}`, resource]),
      ),
      instances,
      children: new Map(),
      known: new Map(),
    };
    this.scopes.set(values.address, scope);
    for (const child of values.child_modules) {
      const own = child.address?.slice(values.address === undefined ? 0 : values.address.length + 1) ?? "";
      const [, call = "", index = ""] = /^module\.([^.[]+)(?:\[(.*)\])?$/s.exec(own) ?? [];
      const called = configuration.module_calls[call]?.module;
      if (!called) continue;
      if (!scope.children.has(call)) scope.children.set(call, new Map());
      scope.children.get(call)!.set(index, this.addScope(child, called, { parent: scope, call, index }));
    }
    return scope;
  }

  private source(scope: Scope | undefined, expression: unknown, index: string): ValueSource {
    return {
      isWritten: !scope || expression !== undefined,
      references: () => (scope ? this.resolveAll(scope, namesIn(expression), index) : []),
      at: (step) => {
        // A block that is written once stands without a list; an argument's own parts have no places of their own.
        if (isExpression(expression) || typeof expression !== "object" || expression === null) {
          return this.source(scope, expression, index);
        }
        if (typeof step === "number" && !Array.isArray(expression)) {
          return this.source(scope, expression, index);
        }
        return this.source(scope, (expression as Record<string | number, unknown>)[step], index);
      },
    };
  }

  private resolveAll(scope: Scope, names: readonly string[], index: string): readonly Reference[] {
    if (names.length === 1) return this.resolve(scope, names[0]!, index);
    return names.flatMap((name) => this.resolve(scope, name, index));
  }

  private resolve(scope: Scope, name: string, index: string): readonly Reference[] {
    const parts = partsOf(name);
    const target = scope.instances.get(`${parts[0]}.${parts[1]}`);
    // Only a resource's references depend on the user's index, and only where it has that index too.
    const key = target?.has(index) ? `${name} ${index}` : name;
    const known = scope.known.get(key);
    if (known) return known;
    // In place until the references are there: a module may hand back what it is given.
    scope.known.set(key, []);
    const references = target ? resourceReferences(target, parts, index) : this.follow(scope, parts);
    scope.known.set(key, references);
    return references;
  }

  private follow(scope: Scope, parts: readonly string[]): readonly Reference[] {
    const [root, name = "", ...rest] = parts;
    if (root === "var") {
      const { parent, call } = scope;
      if (!parent || call === undefined) return [];
      const expression = parent.configuration.module_calls[call]?.expressions[name];
      return this.resolveAll(parent, namesIn(expression), scope.index ?? "");
    }
    if (root === "module") {
      const children = scope.children.get(name);
      const indexed = rest[0]?.startsWith("[") ? rest[0].slice(1, -1) : undefined;
      const output = rest[indexed === undefined ? 0 : 1];
      if (!children || output === undefined) return [];
      const one = children.get(indexed ?? "");
      const chosen = one ? [one] : [...children.values()];
      return chosen.flatMap((child) =>
        this.resolveAll(child, namesIn(child.configuration.outputs[output]?.expression), child.index ?? ""),
      );
    }
    if (root === "data") {
      return [{ address: `data.${name}.${rest[0] ?? ""}`, attribute: attributeOf(rest.slice(1)) }];
    }
    return [];
  }
}

function resourceReferences(
  instances: ReadonlyMap<string, string>,
  parts: readonly string[],
  userIndex: string,
): readonly Reference[] {
  const rest = parts.slice(2);
  const attribute = attributeOf(rest);
  const named = rest[0]?.startsWith("[") ? rest[0].slice(1, -1) : undefined;
  const address = instances.get(named ?? "") ?? instances.get(userIndex);
  if (address !== undefined) return [{ address, attribute }];
  return [...instances.values()].map((each) => ({ address: each, attribute }));
}

const attributeOf = (parts: readonly string[]) => parts.find((part) => !part.startsWith("[")) ?? "";

/** A number or a quoted text, as in an address; empty without an index. */
const indexKey = (index: number | string | undefined) => (index === undefined ? "" : JSON.stringify(index));

/** `aws_subnet.zone["a.b"].id` as `aws_subnet`, `zone`, `["a.b"]`, `id`. */
const partsOf = (name: string) => name.match(/\[(?:"(?:[^"\\]|\\.)*"|[^\]])*\]|[^.[]+/g) ?? [];

const isExpression = (value: unknown): value is { references?: unknown } =>
  typeof value === "object" && value !== null && ("references" in value || "constant_value" in value);

/** All references of an expression or a block, without those that only name the beginning of another. */
function namesIn(expression: unknown): string[] {
  if (typeof expression !== "object" || expression === null) return [];
  if (!isExpression(expression)) return Object.values(expression).flatMap(namesIn);
  const { references } = expression;
  const names = Array.isArray(references)
    ? references.filter((name): name is string => typeof name === "string")
    : [];
  // Terraform lists `a.b.c` first and then its beginnings `a.b`.
  return names.filter((name, i) => {
    const before = names[i - 1];
    return before === undefined || !(before.startsWith(`${name}.`) || before.startsWith(`${name}[`));
  });
}
