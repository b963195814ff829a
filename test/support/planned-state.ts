import { createHash } from "node:crypto";
import { parseResources } from "../../estimate/resources/read";
import type { Reference } from "../../estimate/resources/resource";
import { Unknown } from "../../estimate/resources/resource";

type Values = Readonly<Record<string, unknown>>;

/** The parts of `terraform show -json PLAN` that a state is made of. */
interface PlanJson {
  readonly terraform_version: string;
  readonly planned_values: { readonly root_module: { readonly resources?: readonly PlannedResource[] } };
  readonly resource_changes: readonly {
    readonly address: string;
    readonly change: { readonly after_unknown: Values };
  }[];
}
interface PlannedResource {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly provider_name: string;
  readonly schema_version: number;
  readonly values: Values;
}

/** What AWS answers for arguments that nobody wrote; null there would be a change in each plan. */
const setByAws: Readonly<Record<string, Values>> = {
  aws_appautoscaling_policy: { alarm_arns: [] },
  aws_default_security_group: { egress: [], ingress: [] },
  aws_ecs_service: { triggers: {} },
  aws_iam_role: { managed_policy_arns: [] },
  aws_lb: { subnet_mapping: [] },
  aws_lb_target_group: { load_balancer_arns: [] },
  aws_route_table: { propagating_vgws: [], route: [] },
  aws_security_group: { egress: [], ingress: [] },
};
const setByAwsInBlocks: Readonly<Record<string, Values>> = {
  aws_appautoscaling_policy: {
    target_tracking_scaling_policy_configuration: [{ scale_in_cooldown: 0, scale_out_cooldown: 0 }],
  },
  aws_ecs_service: { service_registries: [{ port: 0 }] },
  aws_ecs_task_definition: { volume: [{ configure_at_launch: false }] },
};

/**
 * The state that an apply of a plan would leave, written by hand, because there is no account to ask. What only AWS knows is made
 * up, always the same for an address: ids, ARNs, and whatever other resources refer to; the rest of what AWS sets stays null.
 * Good for `plan -refresh=false`, whose changes then come from the real provider.
 *
 * @param plan `terraform show -json` of a plan that creates everything, without modules
 * @param synth the `cdk.tf.json` that it is of: a plan leaves out the text around a reference
 */
export function stateAfter(plan: unknown, synth: unknown): unknown {
  const { terraform_version, planned_values, resource_changes } = plan as PlanJson;
  const resources = (planned_values.root_module.resources ?? []).filter(({ mode }) => mode === "managed");
  const filler = new Filler(resources, synth);
  const unknown = new Map(resource_changes.map(({ address, change }) => [address, change.after_unknown]));
  return {
    version: 4,
    terraform_version,
    serial: 1,
    lineage: "6f3c1a52-8f0e-4c7e-9a44-000000000001",
    outputs: {},
    resources: resources.map((resource) => ({
      mode: "managed",
      type: resource.type,
      name: resource.name,
      provider: `provider["${resource.provider_name}"]`,
      instances: [
        {
          schema_version: resource.schema_version,
          attributes: onlyOf(
            filler.attributes(resource, unknown.get(resource.address)),
            resource.values,
            unknown.get(resource.address),
          ),
          sensitive_attributes: [],
        },
      ],
    })),
  };
}

/** A type has no other attributes than those that the plan names, known or not. */
function onlyOf(attributes: Values, known: Values, unknown: Values = {}): Values {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => name in known || name in unknown));
}

class Filler {
  private readonly written: ReadonlyMap<string, Values>;
  private readonly planned: ReadonlyMap<string, PlannedResource>;
  /** by address, the attributes that others refer to and nobody wrote */
  private readonly madeUp = new Map<string, Map<string, unknown>>();

  constructor(resources: readonly PlannedResource[], synth: unknown) {
    this.written = new Map(
      parseResources(synth, "synth").resources.map(({ address, values }) => [address, values]),
    );
    this.planned = new Map(resources.map((resource) => [resource.address, resource]));
    // All that resources and outputs refer to, before the first attributes are written.
    for (const [, address, attribute] of JSON.stringify(synth).matchAll(/([a-z]\w*\.[\w-]+)\.(\w+)/g)) {
      if (this.planned.has(address!)) this.valueAt({ address: address!, attribute: attribute! });
    }
  }

  attributes({ address, type, values }: PlannedResource, unknown: Values | undefined): Values {
    const known = merge(values, this.fill(this.written.get(address) ?? {}), unknown);
    const made = { arn: this.make(address, "arn"), id: this.make(address, "id") };
    return {
      ...made,
      ...setByAws[type],
      ...Object.fromEntries(this.madeUp.get(address) ?? []),
      ...merge(known, setByAwsInBlocks[type]),
    };
  }

  private fill(value: unknown): unknown {
    if (value instanceof Unknown) {
      const { text, references } = value;
      if (text === undefined) return references[0] && this.valueAt(references[0]);
      return references.reduce(
        (filled, to) => filled.replaceAll(`\${${to.address}.${to.attribute}}`, String(this.valueAt(to))),
        text,
      );
    }
    if (Array.isArray(value)) return value.map((item) => this.fill(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, this.fill(part)]));
  }

  private valueAt({ address, attribute }: Reference): unknown {
    const written = this.written.get(address)?.[attribute];
    const known = this.planned.get(address)?.values[attribute] ?? written;
    if (known !== undefined && known !== null && !(known instanceof Unknown)) return known;
    const refersElsewhere =
      known instanceof Unknown && !known.references.some((reference) => reference.address === address);
    if (refersElsewhere) return this.fill(known);
    const made = this.make(address, attribute);
    if (!this.madeUp.has(address)) this.madeUp.set(address, new Map());
    this.madeUp.get(address)!.set(attribute, made);
    return made;
  }

  /** In the form that AWS gives it, where something reads that form. */
  private make(address: string, attribute: string): string {
    const type = this.planned.get(address)?.type ?? "";
    const own = (name: string) => String(this.fill(this.written.get(address)?.[name]));
    const hash = createHash("sha256").update(address).digest("hex").slice(0, 17);
    const inRegion = (service: string, rest: string) => `arn:aws:${service}:us-east-1:123456789012:${rest}`;
    const kind = type.split("_").at(-1)!;
    switch (`${type}.${attribute}`) {
      case "aws_lambda_function.arn":
        return inRegion("lambda", `function:${own("function_name")}`);
      case "aws_lambda_function.version":
        return "1";
      case "aws_lambda_alias.arn":
        return inRegion("lambda", `function:${own("function_name")}:${own("name")}`);
      case "aws_lambda_alias.invoke_arn":
        return `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${this.make(address, "arn")}/invocations`;
      case "aws_iam_role.arn":
        return `arn:aws:iam::123456789012:role/${own("name")}`;
      case "aws_ecs_service.id":
      case "aws_lb.id":
      case "aws_lb_target_group.id":
      case "aws_lb_listener.id":
        return this.make(address, "arn");
      case "aws_ecs_task_definition.arn":
        return inRegion("ecs", `task-definition/${own("family")}:1`);
      case "aws_lambda_function.id":
        return own("function_name");
      case "aws_iam_role.id":
      case "aws_cloudwatch_log_group.id":
        return own("name");
      default:
        return /(^|_)arn$/.test(attribute) ? inRegion(kind, `${kind}/${hash}`) : `${kind}-${hash}`;
    }
  }
}

/** What the plan knows, and in its gaps what was written. */
function merge(planned: unknown, written: unknown, unknown?: unknown): Values {
  const result: Record<string, unknown> = { ...(planned as Values) };
  for (const [name, value] of Object.entries((written ?? {}) as Values)) {
    const known = result[name];
    const gaps = (unknown as Values | undefined)?.[name];
    if (known === undefined || known === null) {
      // Blocks that the plan left out are computed as a whole; an argument in them alone is no value.
      const isArgument = typeof value !== "object" || (Array.isArray(value) && typeof value[0] === "string");
      // Blocks are lists; a map of which no value is known is left out as well, as the dimensions of an alarm.
      const isMap = gaps === true && typeof value === "object" && !Array.isArray(value);
      if (isArgument || isMap || name in result) result[name] = value;
    } else if (Array.isArray(known)) {
      const blocks: unknown[] = Array.isArray(value) ? value : [value];
      result[name] = known.map((block: unknown, i) =>
        typeof block === "object" && block !== null
          ? merge(block, blocks[i], (gaps as unknown[] | undefined)?.[i])
          : (block ?? blocks[i]),
      );
    }
  }
  return result;
}
