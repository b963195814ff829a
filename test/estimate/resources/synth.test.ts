import { parseResources } from "../../../estimate/resources/read";
import { Unknown } from "../../../estimate/resources/resource";

const model = (json: object) => parseResources({ terraform: {}, ...json }, "cdk.tf.json");
/** The values of `aws_x.y` beside other resources. */
function valueOf(expression: unknown, others: object = {}) {
  const { resources } = model({
    ...others,
    resource: { ...resourcesOf(others), aws_x: { y: { value: expression } } },
  });
  return resources.find(({ address }) => address === "aws_x.y")?.values.value;
}
const resourcesOf = (json: object) => ("resource" in json ? (json.resource as object) : {});

const context = {
  variable: { size: { default: 1024 }, unset: {} },
  locals: { double: "${var.size * 2}", endless: "${local.endless}", tags: { team: "a" } },
  resource: {
    aws_lambda_function: {
      f: { memory_size: 512, function_name: "f-${var.size}", role: "${aws_iam_role.r.arn}" },
    },
    aws_iam_role: { r: { name: "${aws_lambda_function.f.function_name}-role" } },
    aws_subnet: { s: { count: 3, cidr_block: "10.0.${count.index}.0/24" } },
    aws_sqs_queue: { q: { for_each: '${toset(["b", "a"])}', name: "q-${each.key}" } },
    aws_loop: { a: { x: "${aws_loop.b.x}" }, b: { x: "${aws_loop.a.x}" } },
    aws_block: { b: { storage: { size: 20 }, rules: [{ port: 1 }, { port: 2 }] } },
  },
};

it.each([
  ["plain text", "plain", "plain"],
  ["a number by reference keeps its type", "${aws_lambda_function.f.memory_size}", 512],
  ["a reference over two steps", "${aws_iam_role.r.name}", "f-1024-role"],
  ["text around references", "a-${aws_lambda_function.f.memory_size}-${var.size}", "a-512-1024"],
  ["a local", "${local.double}", 2048],
  ["a field of a local", "${local.tags.team}", "a"],
  ["an instance by number", "${aws_subnet.s[1].cidr_block}", "10.0.1.0/24"],
  ["an instance by key", '${aws_sqs_queue.q["a"].name}', "q-a"],
  ["all instances", "${aws_subnet.s[*].cidr_block}", ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]],
  ["a single block as a list", "${aws_block.b.storage[0].size}", 20],
  ["a block of several", "${aws_block.b.rules[1].port}", 2],
  ["arithmetic by rank", "${1 + 2 * (3 - 1) / 4}", 2],
  ["a condition", '${var.size >= 1024 && !false ? "big" : "small"}', "big"],
  ["functions", "${max(1, min(5, ceil(2.1)), length([1, 2]))}", 3],
  ["text functions", '${join("-", [upper("a"), tostring(1)])}', "A-1"],
  ["a lookup", '${lookup({ a = 1 }, "b", 7)}', 7],
  ["text in an expression", '${"x-${var.size}"}', "x-1024"],
  ["escapes", "$${kept} %%{kept}", "${kept} %{kept}"],
  ["JSON", "${jsonencode({ memory = aws_lambda_function.f.memory_size })}", '{"memory":512}'],
])("resolves %s", (_, expression, expected) => {
  expect(valueOf(expression, context)).toEqual(expected);
});

it.each([
  ["a computed attribute", "${aws_lambda_function.f.arn}", ["aws_lambda_function.f.arn"], undefined],
  ["one over two steps", "${aws_lambda_function.f.role}", ["aws_iam_role.r.arn"], undefined],
  ["one of an instance", "${aws_subnet.s[2].id}", ["aws_subnet.s[2].id"], undefined],
  [
    "text with a computed part",
    "cluster/${aws_lambda_function.f.arn}/${var.size}",
    ["aws_lambda_function.f.arn"],
    "cluster/${aws_lambda_function.f.arn}/1024",
  ],
  [
    "JSON with a computed part",
    "${jsonencode([{ arn = aws_lambda_function.f.arn, size = 1 }])}",
    ["aws_lambda_function.f.arn"],
    '[{"arn":"${aws_lambda_function.f.arn}","size":1}]',
  ],
  ["a data source", "${data.aws_region.here.name}", ["data.aws_region.here.name"], undefined],
  ["a module's output", "${module.net.vpc_id}", ["module.net.vpc_id"], undefined],
  ["a resource that is not there", "${aws_nothing.n.id}", ["aws_nothing.n.id"], undefined],
  ["arithmetic with it", "${aws_lambda_function.f.arn + 1}", ["aws_lambda_function.f.arn"], undefined],
  ["a variable without a value", "${var.unset}", [], undefined],
  [
    "a function that is not known here",
    "${cidrhost(aws_lambda_function.f.arn, 1)}",
    ["aws_lambda_function.f.arn"],
    undefined,
  ],
  ["what cannot be read", "${[for x in y : x]}", [], "${[for x in y : x]}"],
  ["an unfinished expression", "${1 +", [], "${1 +"],
  ["a division by zero", "${1 / 0}", [], undefined],
  ["a local that needs itself", "${local.endless}", [], undefined],
  ["resources that need each other", "${aws_loop.a.x}", ["aws_loop.a.x"], undefined],
  ["names that every object has", "${local.tags.constructor}", [], undefined],
])("leaves %s unknown, with what it knows", (_, expression, references, text) => {
  const value = valueOf(expression, context);
  expect(value).toBeInstanceOf(Unknown);
  expect((value as Unknown).references.map(({ address, attribute }) => `${address}.${attribute}`)).toEqual(
    references,
  );
  expect((value as Unknown).text).toBe(text);
});

it("has one instance for each of count and for_each", () => {
  const addresses = model(context).resources.map(({ address }) => address);
  expect(addresses.filter((address) => address.startsWith("aws_s"))).toEqual([
    "aws_subnet.s[0]",
    "aws_subnet.s[1]",
    "aws_subnet.s[2]",
    'aws_sqs_queue.q["a"]',
    'aws_sqs_queue.q["b"]',
  ]);
});

it("has no instance for a count of zero", () => {
  expect(
    model({
      resource: { aws_x: { y: { count: "${var.no ? 1 : 0}" } } },
      variable: { no: { default: false } },
    }).resources,
  ).toEqual([]);
});

it("has one instance that stands for all when the count is not known, and says so", () => {
  const [resource, ...others] = model({
    resource: { aws_x: { y: { count: "${var.n}" } } },
    variable: { n: {} },
  }).resources;
  expect(others).toEqual([]);
  expect(resource?.address).toBe("aws_x.y");
  expect(resource?.values.count).toBeInstanceOf(Unknown);
});

it("writes dynamic blocks out", () => {
  const [resource] = model({
    resource: {
      aws_x: { y: { dynamic: { rule: { for_each: "${[80, 443]}", content: { port: "${rule.value}" } } } } },
    },
  }).resources;
  expect(resource?.values).toEqual({ rule: [{ port: 80 }, { port: 443 }] });
});

it("knows region, profile and format; leaves out data sources and what is not the provider's", () => {
  const { resources, ...rest } = model({
    "//": { metadata: { stackName: "lambda-prod", version: "0.21.0" } },
    provider: { aws: [{ alias: "west", region: "us-west-2" }, { region: "${var.region}" }] },
    variable: { region: { default: "eu-west-1" } },
    data: { aws_region: { here: {} } },
    module: { net: { source: "./net" } },
    resource: {
      aws_x: { y: { provider: "aws.west", lifecycle: {}, depends_on: ["a.b"], "//": {}, size: 1 } },
    },
  });
  expect(rest).toEqual({
    region: "eu-west-1",
    profile: "lambda-prod",
    source: "synth",
    format: "cdktf 0.21.0",
    unread: ["module.net"],
  });
  // A resource of another provider configuration is in that one's region.
  expect(resources.map(({ values }) => values)).toEqual([{ size: 1, region: "us-west-2" }]);
});
