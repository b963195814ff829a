import type { ITerraformDependable, TerraformResource } from "./cdktf";
import { dependable } from "./cdktf";

/**
 * Lifecycle of what a resource uses that may be changed in place to use something else: Terraform removes what is no longer
 * asked for before it changes those that waited for it, and they would be left without, or hold it for ever (a subnet with
 * interfaces in it). With this it goes last, and so does all that it waits for itself.
 * Source: github.com/hashicorp/terraform/blob/v1.11.4/internal/terraform/transform_destroy_edge.go
 */
export const goesAfterItsUsers = { createBeforeDestroy: true } as const;

/** Makes a resource wait for others, beside those it waits for already; removed before them. */
export function waitFor(resource: TerraformResource, ...others: readonly ITerraformDependable[]): void {
  resource.dependsOn = [...(resource.dependsOn ?? []), ...others.map((other) => dependable(other))];
}
