import { didYouMean, nearest } from "../../profiles/did-you-mean";

const known = ["lambda-dev", "lambda-prod", "fargate-sse", "fargate-api", "memoryMb", "cpu"];

describe("nearest", () => {
  it.each([
    ["a letter that is missing", "lamda-prod", "lambda-prod"],
    ["letters that changed places", "lambda-pord", "lambda-prod"],
    ["a letter too many", "fargate-ssse", "fargate-sse"],
    ["another case", "memoryMB", "memoryMb"],
    ["one wrong letter of three", "cpi", "cpu"],
    ["the nearer of two", "lambda-det", "lambda-dev"],
  ])("finds the name with %s", (_what, typed, meant) => expect(nearest(typed, known)).toBe(meant));

  it.each(["nope", "x", "", "hybrid", "cppi"])("finds nothing near %j", (typed) =>
    expect(nearest(typed, known)).toBeUndefined(),
  );
});

it("asks only where a name is near", () => {
  expect(didYouMean("lamda-prod", known)).toBe("; did you mean lambda-prod?");
  expect(didYouMean("nope", known)).toBe("");
});
