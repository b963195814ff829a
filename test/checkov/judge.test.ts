import { judge, skipsOf } from "./checkov";
import type { TerraformJson } from "../support/template";

const failed = { address: "aws_lb.front", check: "CKV_AWS_91", text: "Ensure that access logs are on" };
const skip = { ...failed, text: "Access logs are off in this profile" };
const fine = { unexplained: [], needless: [], withoutReason: [] };

describe("judge", () => {
  it.each([
    ["no failed check and no skip", [], [], fine],
    ["a failed check with its skip", [failed], [skip], fine],
    ["a failed check without a skip", [failed], [], { ...fine, unexplained: [failed] }],
    [
      "a skip of another check",
      [failed],
      [{ ...skip, check: "CKV_AWS_9" }],
      { ...fine, unexplained: [failed], needless: [{ ...skip, check: "CKV_AWS_9" }] },
    ],
    [
      "a skip of another resource",
      [failed],
      [{ ...skip, address: "aws_lb.other" }],
      { ...fine, unexplained: [failed], needless: [{ ...skip, address: "aws_lb.other" }] },
    ],
    ["a skip that nothing needs", [], [skip], { ...fine, needless: [skip] }],
    [
      "a skip without a reason",
      [failed],
      [{ ...skip, text: "" }],
      { ...fine, withoutReason: [{ ...skip, text: "" }] },
    ],
    [
      "a skip with a word for a reason",
      [failed],
      [{ ...skip, text: "not needed" }],
      { ...fine, withoutReason: [{ ...skip, text: "not needed" }] },
    ],
  ])("%s", (_, failures, skips, expected) => {
    expect(judge(failures, skips)).toEqual(expected);
  });
});

test("skips are read from the metadata of resources", () => {
  const json = {
    resource: {
      aws_lb: {
        front: { "//": { metadata: {}, checkov: { CKV_AWS_91: skip.text } }, name: "front" },
        bare: { "//": { metadata: {} } },
      },
    },
  } as unknown as TerraformJson;
  expect(skipsOf(json)).toEqual([skip]);
});
