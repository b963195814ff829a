import { changedStacks } from "../../review/changed-stacks";
import type { SynthesisedStack } from "../../review/changed-stacks";
import { synthProfiles } from "../support/synth";
import { fargateProfile, lambdaProfile } from "../support/profiles";

/** The stacks as a synth writes them. */
function stacksOf(...args: Parameters<typeof synthProfiles>): SynthesisedStack[] {
  const { files } = synthProfiles(...args);
  return [...files].flatMap(([file, text]) => {
    const name = /^stacks\/(.+)\/cdk\.tf\.json$/.exec(file)?.[1];
    return name === undefined ? [] : [{ name, json: JSON.parse(text) as unknown }];
  });
}
const both = stacksOf([lambdaProfile, fargateProfile]);

it("finds nothing where only the state is elsewhere, and comments are others", () => {
  const elsewhere = stacksOf([lambdaProfile, fargateProfile], { stateDirectory: "/somewhere/else" });
  const commented = elsewhere.map(({ name, json }) => ({ name, json: { ...(json as object), "//": "x" } }));
  expect(changedStacks(both, commented)).toEqual({ changed: [], added: [], removed: [], others: [] });
});

it("finds the one profile that changed", () => {
  const basis = "another sentence, which no resource has";
  const after = stacksOf([
    { ...lambdaProfile, basis },
    { ...fargateProfile, container: { port: 9000 } },
  ]);
  expect(changedStacks(both, after).changed).toEqual(["test-fargate"]);
});

it("tells new ones from those that are gone, and profiles from other stacks", () => {
  const one = stacksOf([lambdaProfile]);
  expect(changedStacks(one, both)).toMatchObject({
    changed: ["test-fargate"],
    added: ["test-fargate"],
    removed: [],
  });
  expect(changedStacks(both, one)).toMatchObject({ changed: [], added: [], removed: ["test-fargate"] });
  const renamed = stacksOf([lambdaProfile], { tags: { Team: "a" } });
  expect(changedStacks(one, renamed)).toMatchObject({
    changed: ["test-lambda"],
    others: ["image-repository"],
  });
});

it("takes all as changed, and none as new, when nothing is known of before", () => {
  expect(changedStacks(undefined, both)).toMatchObject({
    changed: ["test-fargate", "test-lambda"],
    added: [],
  });
});
