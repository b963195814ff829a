import { resourcesOfProfiles } from "../../../cli/profile-resources";
import type { Resource, ResourceModel } from "../../../estimate/resources/resource";
import type { Candidate } from "../../../estimate/recommend/grid";
import { gridOf } from "../../../estimate/recommend/grid";
import { withSizes } from "../../../estimate/recommend/shape";
import { loadWorkload } from "../../../estimate/workload/load";
import { loadProfiles } from "../../../profiles/load";
import { provisionedScales, tasksScale } from "../../../profiles/limits";
import type { Profile, Service } from "../../../profiles/schema";
import { parseSettings } from "../../../stacks/settings";
import { realImage } from "../../support/synth";

const settings = parseSettings({ env: {}, context: { image: realImage } });

/** Named by their place, so that no name is a difference. */
function synthesised(profiles: readonly Profile[]): ResourceModel[] {
  const named = profiles.map((profile, i) => ({ ...profile, name: `profile-${i}` }));
  return resourcesOfProfiles(named, settings).map(({ model }) => model);
}

/**
 * Values that go with sizes and that neither cost nor times read: how long health checks are patient at a start, and what
 * dashboards and alarms say; these cost by their number.
 */
function unread({ type, values }: Resource): unknown {
  if (/^aws_cloudwatch_(dashboard|metric_alarm)$/.test(type)) return type;
  const text = JSON.stringify(values, (key, value: unknown) =>
    key === "health_check_grace_period_seconds" ? undefined : value,
  );
  return text.replace(/(startPeriod\\*":)\d+/g, "$1");
}

const readable = ({ resources }: ResourceModel) =>
  new Map(resources.map((resource) => [resource.address, unread(resource)]));

function kindOf(service: Service): string {
  if (service.runtime === "fargate") {
    return `fargate${tasksScale(service) ? " scales" : ""}${service.spot ? " spot" : ""}`;
  }
  const ready = service.provisionedConcurrency ? ` ready${provisionedScales(service) ? " scales" : ""}` : "";
  return `lambda${ready}${service.keepWarm ? " warm" : ""}${service.snapStart ? " snapshot" : ""}`;
}

describe("withSizes", () => {
  const { candidates } = gridOf(loadProfiles(), loadWorkload("hobby"), [], { memoryMb: 512 }, () => true);
  // One pair for each way to keep services ready: front doors have no sizes.
  const byKind = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const kind = Object.values(candidate.profile.services).map(kindOf).sort().join();
    const members = byKind.get(kind) ?? [];
    if (members.length === 0 || members[0]!.shape === candidate.shape)
      byKind.set(kind, [...members, candidate]);
  }
  // The first gives the resources for the one that differs from it in most.
  const pairs = [...byKind.values()].map((members) => {
    const [first] = members as [Candidate, ...Candidate[]];
    const differences = ({ speed, profile }: Candidate) =>
      speed.filter((part, i) => part !== first.speed[i]).length +
      Number(profile.container.architecture !== first.profile.container.architecture);
    return [
      first,
      members.reduce((most, one) => (differences(one) > differences(most) ? one : most)),
    ] as const;
  });

  it("gives the resources that a synth of the profile gives, for every way to keep services ready", () => {
    const [firsts, others] = [0, 1].map((side) => synthesised(pairs.map((pair) => pair[side]!.profile)));

    expect(pairs.length).toBeGreaterThanOrEqual(8);
    for (const [first, other] of pairs) expect(other.speed).not.toEqual(first.speed);
    pairs.forEach(([, { profile }], i) => {
      expect(readable(withSizes(firsts![i]!, profile))).toEqual(readable(others![i]!));
    });
  });
});
