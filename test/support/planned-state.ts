import { createHash } from "node:crypto";
import { parseResources } from "../../estimate/resources/read";
import type { Reference } from "../../estimate/resources/resource";
import { Unknown } from "../../estimate/resources/resource";

/** The parts of `terraform show -json PLAN` that a state is made of. */
interface PlanJson {
  readonly terraform_version: string;
  readonly planned_values: {
    readonly root_module: { readonly resources?: readonly PlannedResource[] };
  };
}
interface PlannedResource {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly provider_name: string;
  readonly schema_version: number;
  readonly values: Readonly<Record<string, unknown>>;
}

const account = "123456789012";
const region = "us-east-1";

/**
 * The state that an apply of a plan would leave, written by hand: no account is asked. What only AWS knows is made up, always
 * the same for an address: ids, ARNs, and whatever other resources refer to; the rest of what AWS sets stays null. Good for
 * `plan -refresh=false`, whose changes then come from the real provider.
 *
 * @param plan `terraform show -json` of a plan that creates everything, without modules
 * @param synth the `cdk.tf.json` that it is of: a plan leaves out the text around a reference
 */
export function stateAfter(plan: unknown, synth: unknown): unknown {
  const { terraform_version, planned_values } = plan as PlanJson;
  const planned = (planned_values.root_module.resources ?? []).filter(({ mode }) => mode === "managed");
  const written = new Map(
    parseResources(synth, "synth").resources.map(({ address, values }) => [address, values] as const),
  );
  const byAddress = new Map(planned.map((resource) => [resource.address, resource]));
  const referred = new Set<string>();

  const valueAt = ({ address, attribute }: Reference): unknown => {
    const resource = byAddress.get(address);
    const known = resource?.values[attribute] ?? written.get(address)?.[attribute];
    if (known instanceof Unknown && !known.references.some((to) => to.address === address))
      return fill(known);
    if (known !== undefined && known !== null && !(known instanceof Unknown)) return known;
    referred.add(`${address} ${attribute}`);
    return madeUp(address, resource, attribute);
  };
  const fill = (value: unknown): unknown => {
    if (value instanceof Unknown) {
      const { text, references } = value;
      if (text === undefined) return references[0] && valueAt(references[0]);
      return references.reduce(
        (filled, to) => filled.replaceAll(`\${${to.address}.${to.attribute}}`, String(valueAt(to))),
        text,
      );
    }
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, fill(part)]));
  };

  const filled = planned.map((resource) => {
    const fromSynth = Object.entries(written.get(resource.address) ?? {}).map(([name, value]) => [
      name,
      fill(value),
    ]);
    return { resource, fromSynth: Object.fromEntries(fromSynth) as Record<string, unknown> };
  });
  return {
    version: 4,
    terraform_version,
    serial: 1,
    lineage: "6f3c1a52-8f0e-4c7e-9a44-000000000001",
    outputs: {},
    resources: filled.map(({ resource, fromSynth }) => ({
      mode: "managed",
      type: resource.type,
      name: resource.name,
      provider:
        resource.provider_name === "terraform.io/builtin/terraform"
          ? `provider["${resource.provider_name}"]`
          : `provider["${resource.provider_name}"]`,
      instances: [
        {
          schema_version: resource.schema_version,
          attributes: {
            ...Object.fromEntries(
              [...referred]
                .map((key) => key.split(" ") as [string, string])
                .filter(([address]) => address === resource.address)
                .map(([, attribute]) => [attribute, madeUp(resource.address, resource, attribute)]),
            ),
            ...withBlocksOf(resource.values, fromSynth),
            arn: madeUp(resource.address, resource, "arn"),
            id: madeUp(resource.address, resource, "id"),
          },
          sensitive_attributes: [],
        },
      ],
    })),
  };
}

/** What the plan knows, and in its gaps what the synthesised file says. */
function withBlocksOf(planned: unknown, written: unknown): Record<string, unknown> {
  const result: Record<string, unknown> = { ...(planned as Record<string, unknown>) };
  for (const [name, value] of Object.entries((written ?? {}) as Record<string, unknown>)) {
    const known = result[name];
    if (known === undefined || known === null) {
      if (value !== undefined && (typeof value !== "object" || name in result)) result[name] = value;
    } else if (Array.isArray(known)) {
      const blocks = Array.isArray(value) ? value : [value];
      result[name] = known.map((block: unknown, i) =>
        typeof block === "object" && block !== null ? withBlocksOf(block, blocks[i]) : (block ?? blocks[i]),
      );
    }
  }
  return result;
}

function madeUp(address: string, resource: PlannedResource | undefined, attribute: string): string {
  const hash = createHash("sha256").update(address).digest("hex").slice(0, 17);
  const type = resource?.type ?? "";
  const values = resource?.values ?? {};
  const name = String(values.function_name ?? values.family ?? values.name ?? hash);
  if (attribute === "version" || attribute === "revision") return "1";
  if (type === "aws_lambda_function") {
    const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
    if (attribute === "arn") return arn;
    if (attribute === "id") return name;
  }
  if (type === "aws_lambda_alias") {
    const arn = `arn:aws:lambda:${region}:${account}:function:${functionOf(address)}:${String(values.name)}`;
    if (attribute === "invoke_arn")
      return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
    return arn;
  }
  if (type === "aws_iam_role" && attribute === "arn") return `arn:aws:iam::${account}:role/${name}`;
  if (attribute.endsWith("arn")) {
    return `arn:aws:${type.replace(/^aws_/, "").split("_")[0]}:${region}:${account}:${type.split("_").at(-1)}/${name}`;
  }
  return `${type.split("_").at(-1)}-${hash}`;

  function functionOf(alias: string): string {
    return alias.split(".").at(-1)!;
  }
}
