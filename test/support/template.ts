/** Terraform JSON has no static shape: what a field holds is what the tests are about. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Body = Record<string, any>;

/** The part of cdk.tf.json that the tests read. */
export interface TerraformJson {
  readonly terraform: Body;
  readonly provider: Body;
  readonly resource: Record<string, Record<string, Body>>;
  readonly data?: Record<string, Record<string, Body>>;
  readonly output: Record<string, { readonly value: string; readonly description?: string }>;
}

export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly body: Body;
}

/** A place that a value points at: `${aws_lb.front.arn}` is the address `aws_lb.front` and the attribute `arn`. */
export interface Reference {
  readonly address: string;
  readonly attribute: string;
}

/** How Terraform names a resource. */
export function address({ type, name }: Resource): string {
  return `${type}.${name}`;
}

/** A value that is one attribute of a resource and nothing else. */
export function ref(resource: Resource, attribute: string): string {
  return `\${${address(resource)}.${attribute}}`;
}

/** Every reference to a resource inside a value, at any depth; plain text is no reference. */
export function references(value: unknown): Reference[] {
  if (typeof value === "string") {
    return [...value.matchAll(/\$\{([^}]*)\}/g)].flatMap(([, expression]) =>
      [...expression!.matchAll(/\b((?:aws|terraform)_[a-z0-9_]+\.[A-Za-z0-9_-]+)\.([a-z0-9_]+)/g)].map(
        ([, place, attribute]) => ({ address: place!, attribute: attribute! }),
      ),
    );
  }
  if (Array.isArray(value)) return value.flatMap(references);
  if (value !== null && typeof value === "object") return Object.values(value).flatMap(references);
  return [];
}

/** Addresses that a resource waits for by `depends_on`. */
export function waitsFor(resource: Resource): readonly string[] {
  return (resource.body.depends_on ?? []) as string[];
}

/** One synthesised stack, to ask questions of. */
export class Template {
  constructor(readonly json: TerraformJson) {}

  all(): Resource[] {
    return Object.entries(this.json.resource).flatMap(([type, byName]) =>
      Object.entries(byName).map(([name, body]) => ({ type, name, body })),
    );
  }

  resources(type: string): Resource[] {
    return Object.entries(this.json.resource[type] ?? {}).map(([name, body]) => ({ type, name, body }));
  }

  /** The one resource of a type. @throws when there is none, or more than one */
  only(type: string): Resource {
    const [resource, ...others] = this.resources(type);
    if (resource === undefined || others.length > 0) {
      throw new Error(`expected one ${type}, found ${others.length + (resource ? 1 : 0)}`);
    }
    return resource;
  }

  /** The resource at an address. @throws when there is none */
  at(place: string): Resource {
    const found = this.all().find((resource) => address(resource) === place);
    if (found === undefined) throw new Error(`nothing at ${place}`);
    return found;
  }

  get outputs(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(this.json.output).map(([name, { value }]) => [name, value]));
  }

  /** Another template, changed; this one stays as it is. */
  changed(change: (template: Template) => void): Template {
    const copy = new Template(structuredClone(this.json));
    change(copy);
    return copy;
  }
}
