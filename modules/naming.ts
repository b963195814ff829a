import { createHash } from "node:crypto";

/** Longest names that AWS takes. Source: the service quotas and API references of each, 2026-11. */
const limits = {
  alb: 32,
  apiGateway: 128,
  /** What Terraform adds a unique end to, a hyphen less. */
  bucketPrefix: 36,
  discoveryNamespace: 63,
  ecs: 255,
  eventRule: 64,
  function: 64,
  policy: 128,
  role: 64,
  securityGroup: 255,
  targetGroup: 32,
  webAcl: 128,
} as const;

export type NamedResource = keyof typeof limits;

/**
 * A resource's name within AWS's limit: too long a name is cut and ends with a hash of the whole, so that two long
 * names stay different.
 *
 * @param distinguish values that must give another name when they change, because AWS can't change them in place
 */
export function resourceName(kind: NamedResource, base: string, distinguish: readonly string[] = []): string {
  const limit = limits[kind];
  if (distinguish.length === 0 && base.length <= limit) return base;
  const hash = createHash("sha256")
    .update([base, ...distinguish].join("\n"))
    .digest("hex")
    .slice(0, 8);
  return `${base.slice(0, limit - 9).replace(/-+$/, "")}-${hash}`;
}
