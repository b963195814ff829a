import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseResources, readResources } from "../../../estimate/resources/read";
import { Unknown, blocks } from "../../../estimate/resources/resource";
import type { Resource, ResourceModel } from "../../../estimate/resources/resource";

// Recorded from the real provider: see fixtures/shop/README.md.
const file = join(__dirname, "fixtures", "shop", "plan.json");
const shop = readResources(file);

const find = ({ resources }: ResourceModel, address: string): Resource => {
  const resource = resources.find((candidate) => candidate.address === address);
  if (!resource) throw new Error(`${address} is not in the model`);
  return resource;
};
const references = (value: unknown) => {
  if (!(value instanceof Unknown)) throw new Error(`${JSON.stringify(value)} is known`);
  return value.references.map(({ address, attribute }) => `${address}.${attribute}`);
};

describe("a plan of the real provider", () => {
  it("has every instance with its module and index", () => {
    expect(shop.resources.map(({ address }) => address)).toEqual([
      "aws_cloudwatch_log_group.changed",
      "aws_cloudwatch_log_group.kept",
      "aws_cloudwatch_log_group.left",
      "aws_cloudwatch_log_group.renamed",
      "aws_lb.main",
      "aws_lb_listener.main",
      "aws_nat_gateway.zone[0]",
      "aws_nat_gateway.zone[1]",
      "aws_ssm_parameter.token",
      "aws_subnet.zone[0]",
      "aws_subnet.zone[1]",
      "aws_vpc.main",
      'module.service["api"].aws_lb_target_group.this',
      'module.service["web"].aws_lb_target_group.this',
    ]);
    expect(find(shop, "aws_subnet.zone[1]").index).toBe(1);
    expect(find(shop, 'module.service["web"].aws_lb_target_group.this')).toMatchObject({
      module: 'module.service["web"]',
      type: "aws_lb_target_group",
      name: "this",
      action: "create",
    });
  });

  it("says what is done to each, and what was there before", () => {
    const actions = (resources: readonly Resource[] = []) =>
      Object.fromEntries(resources.map(({ name, action }) => [name, action]));
    const groups = shop.resources.filter(({ type }) => type === "aws_cloudwatch_log_group");
    // What is forgotten goes on to exist, so Terraform has it among the planned values too.
    expect(actions(groups)).toEqual({
      kept: "no-op",
      changed: "update",
      renamed: "replace",
      left: "forget",
    });
    expect(actions(shop.prior)).toEqual({
      kept: "no-op",
      changed: "update",
      renamed: "replace",
      deleted: "delete",
      left: "forget",
    });
    const retention = (resources: readonly Resource[] = []) =>
      resources.find(({ name }) => name === "changed")?.values.retention_in_days;
    expect([retention(shop.prior), retention(shop.resources)]).toEqual([7, 30]);
  });

  it("keeps where an unknown value would come from", () => {
    expect(references(find(shop, "aws_subnet.zone[0]").values.vpc_id)).toEqual(["aws_vpc.main.id"]);
    expect(find(shop, "aws_subnet.zone[1]").values.cidr_block).toBe("10.0.16.0/20");
  });

  it("tells what AWS chooses from what is only not known yet", () => {
    const { values } = find(shop, "aws_cloudwatch_log_group.renamed");
    expect(values.log_group_class).toEqual(new Unknown([], undefined, true));
    expect((find(shop, "aws_subnet.zone[0]").values.vpc_id as Unknown).byDefault).toBe(false);
  });

  it("takes the instance with the user's own index, and all of them for [*]", () => {
    expect(references(find(shop, "aws_nat_gateway.zone[1]").values.subnet_id)).toEqual([
      "aws_subnet.zone[1].",
    ]);
    expect(references(find(shop, "aws_lb.main").values.subnets)).toEqual([
      "aws_subnet.zone[0].",
      "aws_subnet.zone[1].",
    ]);
  });

  it("follows variables and outputs of modules, one instance of them where it is named", () => {
    const group = find(shop, 'module.service["web"].aws_lb_target_group.this');
    expect(references(group.values.vpc_id)).toEqual(["aws_vpc.main.id"]);
    const [action] = blocks(find(shop, "aws_lb_listener.main").values, "default_action");
    expect(action?.type).toBe("forward");
    expect(references(action?.target_group_arn)).toEqual([
      'module.service["api"].aws_lb_target_group.this.arn',
    ]);
  });

  it("takes the region from the provider, by its variable", () => {
    expect(shop.region).toBe("eu-west-1");
  });

  it("marks what is sensitive", () => {
    expect(find(shop, "aws_ssm_parameter.token").sensitive).toEqual(["value", "value_wo"]);
    expect(find(shop, "aws_vpc.main").sensitive).toBeUndefined();
  });
});

describe("any plan", () => {
  const json = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;

  it("is read whatever a later 1.x adds", () => {
    expect(parseResources({ ...json, format_version: "1.99", news: [1] }, "plan").resources).toEqual(
      shop.resources,
    );
  });

  it("does not take a deposed object's deletion for the resource's own", () => {
    const deposed = {
      address: "aws_vpc.main",
      deposed: "0a1b2c3d",
      change: { actions: ["delete"], after_unknown: {} },
    };
    const changes = [...(json.resource_changes as unknown[]), deposed];
    const model = parseResources({ ...json, resource_changes: changes }, "plan");
    expect(find(model, "aws_vpc.main").action).toBe("create");
  });

  it("ends for a module that hands its own input back", () => {
    const model = parseResources(
      {
        format_version: "1.2",
        planned_values: {
          root_module: {
            resources: [{ address: "a.b", mode: "managed", type: "a", name: "b", values: {} }],
            child_modules: [{ address: "module.m", resources: [] }],
          },
        },
        resource_changes: [{ address: "a.b", change: { actions: ["create"], after_unknown: { x: true } } }],
        configuration: {
          root_module: {
            resources: [
              {
                mode: "managed",
                type: "a",
                name: "b",
                expressions: { x: { references: ["module.m.out", "module.m"] } },
              },
            ],
            module_calls: {
              m: {
                expressions: { in: { references: ["module.m.out", "module.m"] } },
                module: { outputs: { out: { expression: { references: ["var.in"] } } } },
              },
            },
          },
        },
      },
      "plan",
    );
    expect(references(find(model, "a.b").values.x)).toEqual([]);
  });
});
