import { mask } from "../mask";
import { capacityRules } from "./capacity";
import { exposureRules } from "./exposure";
import { imageRules } from "./image";
import { latencyRules } from "./latency";
import { permissionRules } from "./permissions";
import { protectionRules } from "./protection";
import { replacementRules } from "./replacement";
import type { Risk, Rule, RuleContext } from "./rule";
import { severities } from "./rule";
import { scopeRules } from "./scope";
import { timeoutRules } from "./timeouts";

/** Every kind of risk. */
export const rules: readonly Rule[] = [
  ...replacementRules,
  ...exposureRules,
  ...permissionRules,
  ...protectionRules,
  ...capacityRules,
  ...timeoutRules,
  ...latencyRules,
  ...imageRules,
  ...scopeRules,
];

/** `aws_alb` and what belongs to it are the provider's other names of `aws_lb`. */
const withUsualType = <T extends { readonly type: string }>(one: T): T =>
  /^aws_alb(_|$)/.test(one.type) ? { ...one, type: one.type.replace("aws_alb", "aws_lb") } : one;

/** What the rules find in a plan, the most severe first; fit to be printed. */
export function risksOf(given: RuleContext): Risk[] {
  const { changes, drift, after } = given;
  const context: RuleContext = {
    ...given,
    changes: changes.map(withUsualType),
    drift: drift.map(withUsualType),
    after: { ...after, resources: after.resources.map(withUsualType) },
  };
  return rules
    .flatMap(({ find, ...rule }): Risk[] => {
      const findings = find(context).map(({ address, detail }) => ({
        ...(address !== undefined && { address: mask(address) }),
        ...(detail !== undefined && { detail: mask(detail) }),
      }));
      return findings.length > 0 ? [{ ...rule, findings }] : [];
    })
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}
