import { createHash } from "node:crypto";
import type { Template } from "./template";
import { address, references } from "./template";

const standIn = (place: string) => `terraform_data.${nameOf(place)}`;
const nameOf = (place: string) => place.replace(".", "--");
const hash = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

/**
 * A stack with `terraform_data` in place of each resource: what waits for what, and what is created before it is destroyed,
 * stay as they are, and nothing else. An apply needs no account and shows in which order Terraform changes the real one.
 * A resource that changes is changed in place, or made anew where its `triggers` are others, which changes who uses it; one
 * that is made takes a moment, as in AWS.
 */
export function skeleton(template: Template): object {
  const resources = template.all();
  const known = new Set(resources.map(address));
  return {
    resource: {
      terraform_data: Object.fromEntries(
        resources.map((resource) => {
          const { depends_on: order, lifecycle, triggers, ...rest } = resource.body;
          const others = (places: readonly string[]) =>
            [...new Set(places)].filter((place) => known.has(place)).map(standIn);
          const uses = references(resource.body).map((to) => to.address);
          return [
            nameOf(address(resource)),
            {
              input: [hash(rest), ...others(uses).map((other) => `\${${other}.id}`)],
              triggers_replace: triggers === undefined ? undefined : hash(triggers),
              depends_on: others([...uses, ...((order ?? []) as string[])]),
              lifecycle: { create_before_destroy: lifecycle?.create_before_destroy === true },
              provisioner: { "local-exec": { command: "sleep 0.2" } },
            },
          ];
        }),
      ),
    },
  };
}

/** One thing that Terraform did to a resource. */
export interface Step {
  /** `aws_lb.front_1234`, of the stack that the skeleton is of. */
  readonly address: string;
  readonly what: "create" | "update" | "delete";
  readonly when: "start" | "end";
}

/** @param log what `terraform apply -json` prints */
export function stepsOf(log: string): Step[] {
  return log
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map(
      (line) =>
        JSON.parse(line) as { type: string; hook?: { resource: { resource_name: string }; action: string } },
    )
    .flatMap(({ type, hook }) => {
      const when = { apply_start: "start" as const, apply_complete: "end" as const }[type];
      if (when === undefined || hook === undefined) return [];
      const what = hook.action as Step["what"];
      return [{ address: hook.resource.resource_name.replace("--", "."), what, when }];
    });
}
