import { InputError } from "../../profiles/errors";
import { descend, evaluateTemplate, splat } from "./expression";
import type { Step } from "./expression";
import { instanceAddress } from "./address";
import { Unknown } from "./resource";
import type { Resource, ResourceModel } from "./resource";

type Fields = Record<string, unknown>;

/** Arguments that Terraform itself reads; no provider sees them. */
const metaArguments = new Set(["//", "connection", "depends_on", "lifecycle", "provider", "provisioner"]);

/** Of one block. More is a mistake, and would fill the memory. */
const mostInstances = 100_000;

/** Names that stand for something within one resource or one block, as `count.index` or `each.key`. */
type Local = Readonly<Record<string, unknown>>;

/** One `resource` block before count and for_each. */
interface Block {
  readonly type: string;
  readonly name: string;
  readonly fields: Fields;
}

interface Instance {
  readonly block: Block;
  readonly address: string;
  readonly index?: number | string;
  readonly local: Local;
}

/**
 * Reads Terraform JSON as CDKTF writes it. Where count or for_each is not known, one instance stands for all, and its
 * `count` or `for_each` is an `Unknown`.
 *
 * @param json object of a `cdk.tf.json`
 */
export function readSynth(json: Fields): ResourceModel {
  return new SynthReader(json).model();
}

class SynthReader {
  private readonly blocks: Block[] = [];
  private readonly groups = new Map<string, Map<number | string | undefined, Instance>>();
  private readonly attributes = new Map<string, unknown>();
  private readonly locals = new Map<string, unknown>();
  private readonly variables: Fields;
  private readonly localFields: Fields;

  constructor(private readonly json: Fields) {
    this.variables = fieldsOf(json.variable);
    this.localFields = fieldsOf(json.locals);
    for (const [type, named] of Object.entries(fieldsOf(json.resource))) {
      for (const [name, block] of Object.entries(fieldsOf(named))) {
        for (const fields of listOf(block)) this.blocks.push({ type, name, fields });
      }
    }
  }

  model(): ResourceModel {
    // First all instances, then their values: a value may name any instance.
    for (const block of this.blocks) this.groups.set(`${block.type}.${block.name}`, new Map());
    for (const block of this.blocks) this.expand(block);
    const resources: Resource[] = [];
    for (const group of this.groups.values()) {
      for (const instance of group.values()) resources.push(this.resource(instance));
    }
    const metadata = fieldsOf(fieldsOf(this.json["//"]).metadata);
    return {
      resources,
      region: this.providerRegion(undefined),
      profile: typeof metadata.stackName === "string" ? metadata.stackName : undefined,
      source: "synth",
      format: typeof metadata.version === "string" ? `cdktf ${metadata.version}` : "terraform json",
      unread: Object.keys(fieldsOf(this.json.module)).map((name) => `module.${name}`),
    };
  }

  private expand(block: Block): void {
    const group = this.groups.get(`${block.type}.${block.name}`)!;
    const add = (index: number | string | undefined, local: Local) =>
      group.set(index, {
        block,
        address: instanceAddress(undefined, block.type, block.name, index),
        ...(index === undefined ? {} : { index }),
        local,
      });
    const { count, for_each: forEach } = block.fields;
    if (count !== undefined) {
      const times = this.evaluate(count, {});
      if (isCount(times)) {
        if (Number(times) > mostInstances) {
          throw new InputError([
            `${block.type}.${block.name}: count = ${String(times)}: at most ${mostInstances} instances can be read`,
          ]);
        }
        for (let index = 0; index < Number(times); index++) add(index, { count: { index } });
        return;
      }
    }
    if (forEach !== undefined) {
      const entries = entriesOf(this.evaluate(forEach, {}));
      if (entries) {
        for (const [key, value] of entries) add(key, { each: { key, value } });
        return;
      }
    }
    add(undefined, {});
  }

  private resource(instance: Instance): Resource {
    const { block, address, index } = instance;
    const values: Fields = {};
    for (const name of Object.keys(block.fields)) {
      if (metaArguments.has(name)) continue;
      if (name === "dynamic") Object.assign(values, this.dynamicBlocks(block.fields.dynamic, instance.local));
      // A count that is known has done its work.
      else if (index === undefined || (name !== "count" && name !== "for_each")) {
        values[name] = this.attribute(instance, name);
      }
    }
    const { provider } = block.fields;
    if (typeof provider === "string" && values.region === undefined) {
      const region = this.providerRegion(provider.split(".")[1]);
      if (region !== undefined) values.region = region;
    }
    return { address, type: block.type, name: block.name, ...(index === undefined ? {} : { index }), values };
  }

  private attribute(instance: Instance, name: string): unknown {
    const key = `${instance.address}.${name}`;
    if (this.attributes.has(key)) return this.attributes.get(key);
    const reference = new Unknown([{ address: instance.address, attribute: name }]);
    if (!Object.hasOwn(instance.block.fields, name)) return reference;
    // In place until the value is there, so that a value that needs itself ends as unknown.
    this.attributes.set(key, reference);
    const value = this.evaluate(instance.block.fields[name], instance.local);
    this.attributes.set(key, value);
    return value;
  }

  private evaluate(value: unknown, local: Local): unknown {
    if (typeof value === "string") {
      return evaluateTemplate(value, (root, steps) => this.resolve(root, steps, local));
    }
    if (Array.isArray(value)) return value.map((item) => this.evaluate(item, local));
    if (typeof value !== "object" || value === null) return value;
    const result: Fields = {};
    for (const [name, part] of Object.entries(value)) {
      if (name === "dynamic") Object.assign(result, this.dynamicBlocks(part, local));
      else result[name] = this.evaluate(part, local);
    }
    return result;
  }

  private dynamicBlocks(dynamic: unknown, local: Local): Fields {
    const result: Fields = {};
    for (const [name, definition] of Object.entries(fieldsOf(dynamic))) {
      result[name] = listOf(definition).flatMap((block) => {
        const forEach = this.evaluate(block.for_each, local);
        const entries = entriesOf(forEach);
        if (!entries) return [forEach instanceof Unknown ? forEach : new Unknown()];
        const iterator = typeof block.iterator === "string" ? block.iterator : name;
        return entries.map(([key, value]) =>
          this.evaluate(block.content, { ...local, [iterator]: { key, value } }),
        );
      });
    }
    return result;
  }

  private resolve(root: string, steps: readonly Step[], local: Local): unknown {
    if (Object.hasOwn(local, root)) return descend(local[root], steps);
    const [first, ...rest] = steps;
    if (typeof first !== "string") return new Unknown();
    switch (root) {
      case "var": {
        const variable = fieldsOf(this.variables[first]);
        return Object.hasOwn(variable, "default") ? descend(variable.default, rest) : new Unknown();
      }
      case "local":
        return descend(this.localValue(first), rest);
      case "data":
        return new Unknown([
          { address: `data.${first}.${String(rest[0])}`, attribute: attributeOf(rest.slice(1)) },
        ]);
      case "module":
        return new Unknown([{ address: `module.${first}`, attribute: attributeOf(rest) }]);
      case "count":
      case "each":
      case "path":
      case "self":
      case "terraform":
        return new Unknown();
      default:
        return this.resolveResource(root, first, rest);
    }
  }

  private resolveResource(type: string, name: string, steps: readonly Step[]): unknown {
    const group = this.groups.get(`${type}.${name}`);
    const [step, ...rest] = steps;
    if (!group) return new Unknown([{ address: `${type}.${name}`, attribute: attributeOf(steps) }]);
    const single = group.get(undefined);
    if (single) {
      // With a count that is not known, the one instance stands for all.
      const path = typeof step === "string" ? steps : rest;
      const attribute = attributeOf(path);
      return attribute === ""
        ? new Unknown([{ address: single.address, attribute: "" }])
        : descend(this.attribute(single, attribute), path.slice(1));
    }
    const within = (instance: Instance, path: readonly Step[]) =>
      typeof path[0] === "string"
        ? descend(this.attribute(instance, path[0]), path.slice(1))
        : new Unknown([{ address: instance.address, attribute: "" }]);
    if (step === splat) return [...group.values()].map((instance) => within(instance, rest));
    if (typeof step === "string" || typeof step === "number") {
      const instance = group.get(step) ?? group.get(typeof step === "string" ? Number(step) : String(step));
      if (instance) return within(instance, rest);
    }
    const attribute = attributeOf(rest);
    return new Unknown([...group.values()].map(({ address }) => ({ address, attribute })));
  }

  private localValue(name: string): unknown {
    if (this.locals.has(name)) return this.locals.get(name);
    this.locals.set(name, new Unknown());
    const value = this.evaluate(this.localFields[name], {});
    this.locals.set(name, value === undefined ? new Unknown() : value);
    return this.locals.get(name);
  }

  private providerRegion(alias: string | undefined): string | undefined {
    const provider = listOf(fieldsOf(this.json.provider).aws).find((block) => block.alias === alias);
    const region = this.evaluate(provider?.region, {});
    return typeof region === "string" ? region : undefined;
  }
}

const attributeOf = (steps: readonly Step[]) =>
  steps.find((step): step is string => typeof step === "string") ?? "";

function isCount(value: unknown): boolean {
  return (typeof value === "number" || typeof value === "string") && Number.isInteger(Number(value));
}

/** Keys and values of a for_each: a set of strings, or a map. None when it is not known. */
function entriesOf(value: unknown): [string | number, unknown][] | undefined {
  if (value instanceof Unknown || typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) return Object.entries(value);
  if (value.some((item) => item instanceof Unknown)) return undefined;
  return value.map((item, i) => (typeof item === "string" ? [item, item] : [i, item]));
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Terraform JSON takes a list of objects wherever it takes an object. */
const listOf = (value: unknown): Fields[] =>
  (Array.isArray(value) ? value : [value]).filter(
    (item): item is Fields => typeof item === "object" && item !== null,
  );
