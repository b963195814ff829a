import { parseResources } from "../../estimate/resources/read";
import { reviewProfile } from "../../review/review";
import { planOf } from "../support/changes";
import { evenWorkload } from "../support/golden";

const options = { runs: 1, hours: 1 };
const policy = (action: string) =>
  `{"Statement":[{"Effect":"Allow","Action":"${action}","Resource":"\${aws_sns_topic.kept.arn}"}]}`;
const written = (differs: { memory?: number; port?: number; action?: string; topics?: string[] } = {}) => {
  const { memory = 1024, port = 8000, action = "sns:Publish", topics = ["kept"] } = differs;
  return {
    resource: {
      aws_lambda_function: { f: { function_name: "f", package_type: "Image", memory_size: memory } },
      aws_lb_target_group: { tg: { name: "tg", port, target_type: "ip" } },
      aws_iam_role_policy: { p: { name: "p", policy: policy(action) } },
      aws_sns_topic: Object.fromEntries(topics.map((name) => [name, { name, "//": { path: name } }])),
    },
  };
};
const synth = (json: unknown) => parseResources(json, "cdk.tf.json");

/** A plan without a state of what is written: all is created, with the provider's defaults, and what is known after apply. */
function planned(json: ReturnType<typeof written>) {
  const entries = Object.entries(json.resource).flatMap(([type, named]) =>
    Object.entries(named as Record<string, object>).map(([name, values]) => ({
      type,
      name,
      after: { ...values, tags: null, publish: false, ...("policy" in values && { policy: undefined }) },
      unknown: { id: true, ...("policy" in values && { policy: true }) },
    })),
  );
  return parseResources(planOf(entries), "plan");
}

const review = (before: object, after: ReturnType<typeof written>) =>
  reviewProfile({ model: planned(after), base: synth(before), synth: synth(after) }, evenWorkload, options);

describe("a plan without a state, against what the base is written as", () => {
  it("changes nothing where both are the same", () => {
    const { changes, risks, changesAreDerived } = review(written(), written());
    expect({ changes, risks, changesAreDerived }).toEqual({
      changes: [],
      risks: [],
      changesAreDerived: true,
    });
  });

  it("updates, replaces, creates and deletes what differs, also in texts that are known after apply", () => {
    const { changes, actions } = review(
      written({ topics: ["kept", "old"] }),
      written({ memory: 2048, port: 9000, action: "sns:*", topics: ["kept", "new"] }),
    );
    expect(actions).toEqual({ delete: 1, replace: 1, update: 2, create: 1 });
    expect(changes.map(({ address, action, replacedFor }) => [address, action, replacedFor])).toEqual([
      ["aws_sns_topic.old", "delete", []],
      ["aws_lb_target_group.tg", "replace", ["port"]],
      ["aws_iam_role_policy.p", "update", []],
      ["aws_lambda_function.f", "update", []],
      ["aws_sns_topic.new", "create", []],
    ]);
    // In which order a replacement goes is not known.
    expect(changes[1]!.order).toBeUndefined();
    expect(
      changes.slice(2, 4).map(({ attributes, knownAfterApply }) => [attributes, knownAfterApply]),
    ).toEqual([
      [[{ name: "policy" }], 0],
      [[{ name: "memory_size", from: "1024", to: "2048" }], 0],
    ]);
  });

  it("has the risks of these changes, and no other", () => {
    const ids = (after: ReturnType<typeof written>) => review(written(), after).risks.map(({ id }) => id);
    expect(ids(written({ port: 9000 }))).toEqual(["target-group-replaced"]);
    expect(ids(written({ memory: 512 }))).toContain("size-lowered");
    expect(ids(written({ action: "sns:*" })).filter((id) => id.startsWith("iam-"))).not.toEqual([]);
  });

  it("is told from another plan without a state, too", () => {
    const model = planned(written({ memory: 2048 }));
    const { actions } = reviewProfile({ model, base: planned(written()) }, evenWorkload, options);
    expect(actions).toEqual({ update: 1 });
  });

  it("is shown as new where only one of the two synths is there", () => {
    const input = { model: planned(written()), base: synth(written()) };
    const { actions, changesAreDerived } = reviewProfile(input, evenWorkload, options);
    expect([actions, changesAreDerived]).toEqual([{ create: 4 }, undefined]);
  });
});

it("a plan that knows a state keeps its own changes", () => {
  const before = { name: "tg", port: 8000 };
  const model = parseResources(
    planOf([{ type: "aws_lb_target_group", before, after: { ...before, port: 1 } }]),
    "plan",
  );
  const { changes, changesAreDerived } = reviewProfile(
    { model, base: synth(written()), synth: synth(written()) },
    evenWorkload,
    options,
  );
  expect([changes.map(({ action }) => action), changesAreDerived]).toEqual([["update"], undefined]);
});
