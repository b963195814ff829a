import { isDeepStrictEqual } from "node:util";
import { resourcesOfProfiles } from "../../../cli/profile-resources";
import type { Resource, ResourceModel } from "../../../estimate/resources/resource";
import type { Candidate } from "../../../estimate/recommend/grid";
import { gridOf } from "../../../estimate/recommend/grid";
import { withSizes } from "../../../estimate/recommend/shape";
import { loadWorkload } from "../../../estimate/workload/load";
import { loadProfiles } from "../../../profiles/load";
import type { Profile } from "../../../profiles/schema";
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

describe("withSizes", () => {
  const { candidates } = gridOf(loadProfiles(), loadWorkload("hobby"), [], { memoryMb: 512 }, () => true);
  const shapes = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    shapes.set(candidate.shape, [...(shapes.get(candidate.shape) ?? []), candidate]);
  }
  // Of each shape the first, which gives the resources, and the one that differs from it in most.
  const pairs = [...shapes.values()].map((members) => {
    const [first] = members as [Candidate, ...Candidate[]];
    const differences = ({ speed, profile }: Candidate) =>
      speed.filter((part, i) => part !== first.speed[i]).length +
      Number(profile.container.architecture !== first.profile.container.architecture);
    return [
      first,
      members.reduce((most, one) => (differences(one) > differences(most) ? one : most)),
    ] as const;
  });

  it("gives the resources that a synth of the profile gives, for every shape", () => {
    const [firsts, others] = [0, 1].map((side) => synthesised(pairs.map((pair) => pair[side]!.profile)));

    expect(pairs.length).toBeGreaterThan(30);
    const different = pairs.filter(([first, other]) => !isDeepStrictEqual(first.speed, other.speed));
    expect(different.length).toBeGreaterThan(30);
    pairs.forEach(([, { profile }], i) => {
      expect(readable(withSizes(firsts![i]!, profile))).toEqual(readable(others![i]!));
    });
  });
});
