import { z } from "zod";
import "../../profiles/plain-messages";

/**
 * What is read of `terraform show -json PLAN`; anything else in it is left alone, so that a newer 1.x can be read.
 * Source: https://developer.hashicorp.com/terraform/internals/json-format
 */
const fields = z.record(z.string(), z.unknown());

const resourceValues = z.object({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  index: z.union([z.number(), z.string()]).optional(),
  values: fields.default({}),
  sensitive_values: z.union([fields, z.boolean()]).default({}),
});

/** Resources of one module instance, and the modules in it. */
export interface ModuleValues {
  readonly address?: string;
  readonly resources: readonly ResourceValues[];
  readonly child_modules: readonly ModuleValues[];
}
export type ResourceValues = z.output<typeof resourceValues>;

const moduleValues: z.ZodType<ModuleValues> = z.object({
  address: z.string().optional(),
  resources: z.array(resourceValues).default([]),
  child_modules: z.array(z.lazy(() => moduleValues)).default([]),
});

const configuredResource = z.object({
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  expressions: fields.default({}),
});

/** What is written of one module, whatever its instances. */
export interface ModuleConfiguration {
  readonly resources: readonly z.output<typeof configuredResource>[];
  readonly outputs: Readonly<Record<string, { readonly expression?: unknown }>>;
  readonly module_calls: Readonly<
    Record<string, { readonly expressions: Record<string, unknown>; readonly module: ModuleConfiguration }>
  >;
}

const moduleConfiguration: z.ZodType<ModuleConfiguration> = z.object({
  resources: z.array(configuredResource).default([]),
  outputs: z.record(z.string(), z.object({ expression: z.unknown() })).default({}),
  module_calls: z
    .record(
      z.string(),
      z.object({
        expressions: fields.default({}),
        module: z.lazy(() => moduleConfiguration),
      }),
    )
    .default({}),
});

const noResources: ModuleValues = { resources: [], child_modules: [] };

/** `true` at the place of a value that is sensitive, or not known before apply; objects and lists on the way. */
const marks = z.unknown();

const resourceChange = z.object({
  address: z.string(),
  /** where the state had it until now */
  previous_address: z.string().optional(),
  mode: z.string().default("managed"),
  type: z.string().default(""),
  /** an older object of the same resource, left over from a replacement */
  deposed: z.string().optional(),
  /** why Terraform replaces, deletes or reads it, as `replace_because_cannot_update` */
  action_reason: z.string().optional(),
  change: z.object({
    actions: z.array(z.string()),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    after_unknown: marks.optional(),
    before_sensitive: marks.optional(),
    after_sensitive: marks.optional(),
    /** arguments that can't be changed in place */
    replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).default([]),
    importing: z.unknown().optional(),
  }),
});
export type PlannedChange = z.output<typeof resourceChange>;

export const planSchema = z.object({
  errored: z.boolean().default(false),
  format_version: z.string(),
  variables: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
  planned_values: z.object({ root_module: moduleValues.default(noResources) }),
  prior_state: z
    .object({ values: z.object({ root_module: moduleValues.default(noResources) }).optional() })
    .optional(),
  resource_changes: z.array(resourceChange).default([]),
  /** what Terraform found changed since its last apply; only a plan with refresh looks */
  resource_drift: z.array(resourceChange).default([]),
  /** false when the plan leaves something for a next one */
  complete: z.boolean().default(true),
  configuration: z
    .object({
      provider_config: z.record(z.string(), z.object({ expressions: fields.default({}) })).default({}),
      root_module: moduleConfiguration.default({ resources: [], outputs: {}, module_calls: {} }),
    })
    .prefault({}),
});

export type Plan = z.output<typeof planSchema>;
