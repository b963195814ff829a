import type { ITerraformDependable, TerraformResource } from "./cdktf";
import { dependable } from "./cdktf";

/** Makes a resource wait for others, beside those it waits for already; removed before them. */
export function waitFor(resource: TerraformResource, ...others: readonly ITerraformDependable[]): void {
  resource.dependsOn = [...(resource.dependsOn ?? []), ...others.map((other) => dependable(other))];
}
