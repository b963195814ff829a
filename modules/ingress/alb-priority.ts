import { createHash } from "node:crypto";

/** Before every route. */
export const preflightPriority = 1;

/**
 * The first rule that matches wins, so the more exact path has the lower number, as an HTTP API would choose: exact paths
 * first, then the longer prefix, last what catches everything. It follows from the path alone: another route changes
 * no number, and no two rules have to change places.
 */
export function rulePriority(path: string): number {
  if (path === "/*") return 50000;
  const spread = createHash("sha256").update(path).digest().readUInt16BE(0);
  if (!path.endsWith("*")) return 1 + (spread % 9000);
  const depth = Math.min(path.split("/").length - 2, 9);
  return 10000 + (9 - depth) * 4000 + (spread % 3900);
}

/** Priorities of one listener. */
export class RulePriorities {
  private readonly taken: Set<number>;

  /** @param reserved priorities that no path may have */
  constructor(reserved: readonly number[]) {
    this.taken = new Set(reserved);
  }

  /** Its usual priority, or the next that is free: two paths may have the same one. */
  of(path: string): number {
    let priority = rulePriority(path);
    while (this.taken.has(priority)) priority++;
    this.taken.add(priority);
    return priority;
  }
}
