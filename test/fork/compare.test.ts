import { differences, judge } from "./compare";

const file = "default/stacks/a/cdk.tf.json";
const json = {
  terraform: { required_version: ">= 1.5" },
  resource: { aws_vpc: { v: { tags: ["x"], n: 1 } } },
};
const at = (...keys: string[]) => [file, ...keys].join(".");

describe("differences", () => {
  it.each([
    ["a file that is missing", {}, file],
    ["a file that is empty", { [file]: null }, file],
    [
      "a resource more",
      withResource({ aws_vpc: { ...json.resource.aws_vpc, w: {} } }),
      at("resource", "aws_vpc", "w"),
    ],
    ["a resource less", withResource({ aws_vpc: {} }), at("resource", "aws_vpc", "v")],
    ["a type more, even if empty", withResource({ ...json.resource, aws_lb: {} }), at("resource", "aws_lb")],
    ["a field less", withVpc({ tags: ["x"] }), at("resource", "aws_vpc", "v", "n")],
    ["null for nothing", withVpc({ tags: ["x"], n: 1, m: null }), at("resource", "aws_vpc", "v", "m")],
    ["text for a number", withVpc({ tags: ["x"], n: "1" }), at("resource", "aws_vpc", "v", "n")],
    ["an object for a list", withVpc({ tags: { 0: "x" }, n: 1 }), at("resource", "aws_vpc", "v", "tags")],
    ["an element more", withVpc({ tags: ["x", "y"], n: 1 }), at("resource", "aws_vpc", "v", "tags", "1")],
  ])("finds %s", (_, fork, where) => {
    expect(differences({ [file]: json }, fork).map((found) => found.where)).toEqual([where]);
  });

  it("leaves out metadata and required providers, and nothing else", () => {
    const fork = {
      ...json,
      "//": { metadata: { version: "0.24.0" } },
      terraform: { ...json.terraform, required_providers: { aws: { version: "6.66.0" } } },
      resource: { aws_vpc: { v: { ...json.resource.aws_vpc.v, "//": { metadata: { path: "a/v" } } } } },
    };
    expect(differences({ [file]: json }, { [file]: fork })).toEqual([]);
    const elsewhere = { ...json, required_providers: {} };
    expect(differences({ [file]: json }, { [file]: elsewhere })).toHaveLength(1);
  });
});

describe("judge", () => {
  const found = [{ where: "a.b", vendor: 1, fork: 2 }];

  it("leaves a difference unexplained until it is accepted", () => {
    expect(judge(found, [])).toEqual({ unexplained: found, outdated: [] });
    expect(judge(found, [{ where: /\.b$/, reason: "for the test" }])).toEqual({
      unexplained: [],
      outdated: [],
    });
  });

  it("reports an accepted difference that is not there any more", () => {
    const gone = { where: /\.c$/, reason: "for the test" };
    expect(judge(found, [gone])).toEqual({ unexplained: found, outdated: [gone] });
  });
});

function withResource(resource: object) {
  return { [file]: { ...json, resource } };
}

function withVpc(body: object) {
  return withResource({ aws_vpc: { v: body } });
}
