import type { ModuleValues, Plan, ResourceValues } from "./plan-schema";
import { readChange } from "./plan-changes";
import { actionOf, markedNames, withUnknown } from "./plan-marks";
import { PlanReferences } from "./plan-references";
import type { Resource, ResourceModel } from "./resource";

/** Reads a plan that was checked with `planSchema`. */
export function readPlan(plan: Plan): ResourceModel {
  const changes = new Map(
    plan.resource_changes
      .filter(({ deposed }) => deposed === undefined)
      .map(({ address, change }) => [
        address,
        { action: actionOf(change.actions), unknown: change.after_unknown },
      ]),
  );
  const references = new PlanReferences(plan.planned_values.root_module, plan.configuration.root_module);
  const resources = managed(plan.planned_values.root_module).map(({ module, resource }): Resource => {
    const change = changes.get(resource.address);
    const source = references.of(module, resource);
    const values = withUnknown(resource.values, change?.unknown, source);
    return {
      ...common(module, resource),
      action: change?.action ?? "no-op",
      values: values as Record<string, unknown>,
    };
  });
  const prior = managed(plan.prior_state?.values?.root_module).map(({ module, resource }): Resource => ({
    ...common(module, resource),
    action: changes.get(resource.address)?.action ?? "no-op",
    values: resource.values,
  }));
  return {
    resources,
    prior,
    region: providerRegion(plan) ?? sameOfAll(resources, ({ values }) => values.region),
    changes: plan.resource_changes.filter(({ mode }) => mode === "managed").map(readChange),
    drift: plan.resource_drift.filter(({ mode }) => mode === "managed").map(readChange),
    complete: plan.complete,
    // What is destroyed as a whole has no planned resources.
    profile: sameOfAll(
      [...resources, ...prior],
      ({ values }) => (values.tags_all as { Profile?: unknown } | null)?.Profile,
    ),
    source: "plan",
    unread: [],
    format: plan.format_version,
  };
}

type Found = { readonly module?: string; readonly resource: ResourceValues };

/** All but the data sources, of the module and those in it. */
function managed(module: ModuleValues | undefined, found: Found[] = []): Found[] {
  for (const resource of module?.resources ?? []) {
    if (resource.mode === "managed") found.push({ module: module?.address, resource });
  }
  for (const child of module?.child_modules ?? []) managed(child, found);
  return found;
}

function common(module: string | undefined, resource: ResourceValues) {
  const sensitive = markedNames(resource.values, resource.sensitive_values);
  return {
    address: resource.address,
    type: resource.type,
    name: resource.name,
    ...(module === undefined ? {} : { module }),
    ...(resource.index === undefined ? {} : { index: resource.index }),
    ...(sensitive.length === 0 ? {} : { sensitive }),
  };
}

function providerRegion(plan: Plan): string | undefined {
  const region = plan.configuration.provider_config.aws?.expressions.region as
    { constant_value?: unknown; references?: unknown } | undefined;
  const references: unknown[] = Array.isArray(region?.references) ? region.references : [];
  const [, variable] = /^var\.([\w-]+)$/.exec(String(references[0])) ?? [];
  const value = variable === undefined ? region?.constant_value : plan.variables[variable]?.value;
  return typeof value === "string" ? value : undefined;
}

/** The one text that all resources have which have any. */
function sameOfAll(
  resources: readonly Resource[],
  value: (resource: Resource) => unknown,
): string | undefined {
  const texts = new Set(resources.map(value).filter((text) => typeof text === "string"));
  return texts.size === 1 ? [...texts][0] : undefined;
}
