/** One resource instance as Terraform would have it, whatever file it was read from. */
export interface Resource {
  /** full address: module path, type, name, and index of count or for_each */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** module path, as `module.a.module.b["x"]` */
  readonly module?: string;
  /** key of count or for_each */
  readonly index?: number | string;
  /** what the plan does to it; none in a synthesised file, where everything is to exist */
  readonly action?: ResourceAction;
  /**
   * Arguments and attributes. References are resolved to plain values where the file holds them; whatever is not
   * known before apply is an `Unknown`, at any depth, and never `undefined`, null or zero. Blocks are objects or lists
   * of objects, as the file has them: read them with `blocks`.
   */
  readonly values: Readonly<Record<string, unknown>>;
  /** names of the `values` that hold something sensitive; never print those */
  readonly sensitive?: readonly string[];
}

/** `forget`: taken out of Terraform's state, but not deleted: it goes on to exist and to cost. */
export type ResourceAction = "create" | "update" | "delete" | "replace" | "no-op" | "read" | "forget";

/** What a plan does to one resource, as the plan says it. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  /** where the state had it until now; it moves without being touched */
  readonly previousAddress?: string;
  /** key of an older object that a former replacement left over */
  readonly deposed?: string;
  /** `unknown`: the plan names an action that is not known here */
  readonly action: ResourceAction | "unknown";
  /** of a replacement: the new one stands before the old one goes; none where that is not known */
  readonly createBeforeDestroy?: boolean;
  /** it exists already, and Terraform takes it into its state */
  readonly imports: boolean;
  /** why, in Terraform's words, as `replace_because_cannot_update` */
  readonly reason?: string;
  /** arguments that can't be changed in place */
  readonly replacedFor: readonly (readonly (string | number)[])[];
  /** none for what is created, or whose values the plan does not hold */
  readonly before?: Readonly<Record<string, unknown>>;
  /** none for what is deleted; what is not known before apply is an `Unknown` */
  readonly after?: Readonly<Record<string, unknown>>;
  /** names of attributes that hold something sensitive, before or after; never print those */
  readonly sensitive: readonly string[];
}

/** An attribute of another resource of the model that is known after apply only, such as an ARN. */
export interface Reference {
  /** address of the resource instance */
  readonly address: string;
  /** empty when the file names the resource alone */
  readonly attribute: string;
}

/** In place of a value that the file does not hold. */
export class Unknown {
  /**
   * @param references where the value would come from, if the file says so; joins resources to each other
   * @param text the text around the references, each left as `${address.attribute}`, if the file holds it
   * @param byDefault nothing is written for it, so that it will be what AWS chooses, such as a log group's class
   */
  constructor(
    readonly references: readonly Reference[] = [],
    readonly text?: string,
    readonly byDefault = false,
  ) {}
}

/** Everything that a file says would exist. Resources that a plan deletes are in `prior` alone. */
export interface ResourceModel {
  /** planned resources, data sources left out */
  readonly resources: readonly Resource[];
  /** what exists before the plan; none for a synthesised file */
  readonly prior?: readonly Resource[];
  /** what a plan does, and leaves alone, data sources left out; none for a synthesised file */
  readonly changes?: readonly ResourceChange[];
  /** what was changed outside of Terraform, if the plan looked */
  readonly drift?: readonly ResourceChange[];
  /** false: the plan leaves something for a next one */
  readonly complete?: boolean;
  /** region of the default AWS provider, if the file says so */
  readonly region?: string;
  /** profile that the file was made from: name of the stack, or of the file's folder */
  readonly profile?: string;
  readonly source: "synth" | "plan";
  /** module calls whose resources the file does not hold, as `module.network`; never silently without cost */
  readonly unread: readonly string[];
  /** version of the file format, as the file has it */
  readonly format: string;
}

/** The blocks of that name, whether the file holds none, one, or a list of them. */
export function blocks(values: Readonly<Record<string, unknown>>, name: string): Record<string, unknown>[] {
  const value = values[name];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter(
    (item): item is Record<string, unknown> =>
      typeof item === "object" && item !== null && !(item instanceof Unknown),
  );
}
