import type { ComparedProfile, Comparison } from "../estimate/compare";
import { paretoFront } from "../estimate/compare";

/**
 * How a profile looks in every chart: colour and symbol say what runs it, the dashes tell it from the others of its
 * kind, and what a reader should see first is strong.
 */
export interface Look {
  /** `p0`, `p1`, ...: the same in the table and in all charts */
  readonly id: string;
  readonly color: string;
  readonly symbol: "circle" | "square" | "diamond";
  readonly dashes: string | undefined;
  readonly isStrong: boolean;
}

const kinds = {
  lambda: { color: "var(--lambda)", symbol: "circle" },
  fargate: { color: "var(--fargate)", symbol: "square" },
  both: { color: "var(--both)", symbol: "diamond" },
} as const;

export type Kind = keyof typeof kinds;

export const kindNames: Readonly<Record<Kind, string>> = {
  lambda: "Lambda",
  fargate: "Fargate",
  both: "Lambda and Fargate",
};

const dashes = [undefined, "7 3", "2 3", "9 3 2 3", "4 2", "12 3", "1.5 4", "6 2 2 2 2 2"];

/** Strong are those that no other one beats, and those that are the cheapest somewhere. */
export function looksOf({ profiles, byRequests }: Comparison): ReadonlyMap<string, Look> {
  const strong = new Set([
    ...paretoFront(profiles).map(({ name }) => name),
    ...byRequests.cheapest.map(({ cheapest }) => cheapest),
  ]);
  const seen = new Map<Kind, number>();
  return new Map(
    profiles.map((profile, i) => {
      const kind = kindOf(profile);
      const nth = seen.get(kind) ?? 0;
      seen.set(kind, nth + 1);
      return [
        profile.name,
        {
          id: `p${i}`,
          ...kinds[kind],
          dashes: dashes[nth % dashes.length],
          isStrong: strong.has(profile.name),
        },
      ];
    }),
  );
}

export function kindOf({ latency, cost }: ComparedProfile): Kind {
  const runtimes = new Set(latency.services.map(({ runtime }) => runtime));
  const [only] = runtimes;
  if (runtimes.size === 1 && only) return only;
  if (runtimes.size > 1) return "both";
  // Nothing was simulated: its costs still tell.
  return cost.lines.some(({ address }) => address.includes("aws_ecs_service")) ? "fargate" : "lambda";
}

/** Class of a name in a chart. */
export function textClass(look: Look | undefined): string {
  return `label${look ? ` p ${look.id}${look.isStrong ? " strong" : ""}` : ""}`;
}
