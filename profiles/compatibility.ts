import { capacityRules } from "./rules/capacity";
import { containerRules } from "./rules/container";
import { ingressRules } from "./rules/ingress";
import { lambdaRules } from "./rules/lambda";
import { networkRules } from "./rules/network";
import { routeRules } from "./rules/routes";
import type { Fault, Rule } from "./rules/rule";
import type { Profile } from "./schema";

export type { Fault, Rule } from "./rules/rule";

/** What AWS does not allow: one file a subject under rules/. */
export const rules: readonly Rule[] = [
  ...containerRules,
  ...lambdaRules,
  ...capacityRules,
  ...ingressRules,
  ...networkRules,
  ...routeRules,
];

/** Every broken rule of a profile at once, each message with the rule's id and source. */
export function brokenRules(profile: Profile): Fault[] {
  return rules.flatMap((rule) =>
    rule
      .faults(profile)
      .map((fault) => ({ ...fault, message: `${fault.message} [${rule.id}: ${rule.source}]` })),
  );
}
