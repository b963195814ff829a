import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { App } from "../../modules/cdktf";
import { InputError } from "../../profiles/errors";
import { parseProfile } from "../../profiles/parse";
import { missingSettings } from "../../stacks/requirements";
import { ServiceStack } from "../../stacks/service-stack";
import type { Settings } from "../../stacks/settings";
import { parseSettings } from "../../stacks/settings";
import { checks } from "../support/field-report-checks";
import type { GeneratedProfile } from "../support/generated-profiles";
import { generatedProfile } from "../support/generated-profiles";
import { existingAccount, lambdaProfile } from "../support/profiles";
import { realImage } from "../support/synth";
import type { TerraformJson } from "../support/template";
import { Template } from "../support/template";

/** Another seed finds other profiles; this one gives the same at each run. */
const runs = { numRuns: 500, seed: 20261125 };

/** An account that gives everything that a profile may ask for, with a VPC of its own and without. */
const accounts: readonly Settings[] = [{ ...existingAccount, vpcId: undefined }, existingAccount].map(
  ({ vpcId, publicSubnetIds, privateSubnetIds, ...rest }) =>
    parseSettings({
      env: {},
      context: {
        image: realImage,
        collectorImage: `123456789012.dkr.ecr.us-east-1.amazonaws.com/collector@sha256:${"c".repeat(64)}`,
        ...(vpcId === undefined ? {} : { vpcId, publicSubnetIds, privateSubnetIds }),
        ...rest,
      },
    }),
);

/** Checks of the field reports that hold for some profiles only: the rest holds for all. */
const optional = new Set([
  "noReservedConcurrency",
  "noVpcFunction",
  "heartbeatBelowIdleTimeout",
  "keepWarmReachesTheModel",
  "stageDeploysItself",
  "stateless",
  "destroyEnds",
  "rollbackFailsTheApply",
]);
const structural = Object.entries(checks).filter(([name]) => !optional.has(name));

/** What becomes of a profile. @throws InputError when it is refused */
type Synth = (profile: GeneratedProfile, settings: Settings) => Template;

const synth: Synth = (input, settings) => {
  const profile = parseProfile(input);
  const faults = missingSettings(profile, settings);
  if (faults.length > 0) throw new InputError(faults);
  const stack = new ServiceStack(new App({ stackTraces: false }), profile, settings);
  stack.prepareStack();
  return new Template(stack.toTerraform() as TerraformJson);
};

/** The shortest profile in the first account, for what is planted beside it. */
const shortest = () => synth({ ...lambdaProfile }, accounts[0]!);

/** What is wrong with a stack, whatever its profile. */
function faultsOfStack(template: Template): string[] {
  const text = JSON.stringify(template.json);
  return [
    ...structural.flatMap(([name, check]) => check(template).map((fault) => `${name}: ${fault}`)),
    ...[/undefined/, /NaN/, /\[object /, /TfToken/, /\de\+\d\d/]
      .filter((nonsense) => nonsense.test(text))
      .map((nonsense) => `has ${nonsense.source}`),
  ];
}

/** A message names the profile, a field that profiles have, and its value; nothing else tells a user where to look. */
const namesField = (fault: string) =>
  /^profile ("[^"]*"|without a name): (\(all of it\)|[a-z][A-Za-z]*(\.[^ ]*)*)( = .+?| is missing|): ./s.test(
    fault,
  );

interface Outcome {
  accepted: number;
  refused: number;
}

/** The property: a profile gives a sound stack, or is refused in words; nothing else is ever thrown. */
const soundOrRefused = (run: Synth, outcome: Outcome = { accepted: 0, refused: 0 }) =>
  fc.property(generatedProfile, fc.constantFrom(...accounts), (profile, settings) => {
    let template: Template;
    try {
      template = run(profile, settings);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      expect(error.faults.length).toBeGreaterThan(0);
      expect(error.faults.filter((fault) => !namesField(fault))).toEqual([]);
      outcome.refused++;
      return;
    }
    expect(faultsOfStack(template)).toEqual([]);
    outcome.accepted++;
  });

describe("500 generated profiles", () => {
  it("give a sound stack each, or are refused with messages that name the field", () => {
    const outcome: Outcome = { accepted: 0, refused: 0 };
    fc.assert(soundOrRefused(synth, outcome), runs);
    // THEN both happened often: otherwise the property would say little
    expect(outcome.accepted).toBeGreaterThan(100);
    expect(outcome.refused).toBeGreaterThan(100);
  });

  it.each<[string, RegExp, Synth]>([
    [
      "another exception",
      /^TypeError: planted/,
      (profile) => {
        if (JSON.stringify(profile).includes('"streaming":true')) throw new TypeError("planted");
        return shortest();
      },
    ],
    [
      "a refusal without a field",
      /\+ {3}"planted"/,
      (profile) => {
        if (JSON.stringify(profile).includes('"streaming":true')) throw new InputError(["planted"]);
        return shortest();
      },
    ],
    [
      "a refusal without a fault",
      /toBeGreaterThan/,
      () => {
        throw new InputError([]);
      },
    ],
    [
      "a reference that leads nowhere",
      /noDanglingReference: /,
      (...input) => synth(...input).changed(({ json }) => delete json.resource.aws_cloudwatch_log_group),
    ],
    [
      "a value that is nothing",
      /has undefined/,
      (...input) =>
        synth(...input).changed(({ json }) => (json.output.url = { value: `https://${String(undefined)}` })),
    ],
  ])("would show %s", (_what, why, planted) => {
    const { failed, errorInstance } = fc.check(soundOrRefused(planted), { ...runs, endOnFailure: true });
    expect(failed).toBe(true);
    expect(stripVTControlCharacters(String(errorInstance))).toMatch(why);
  });
});
