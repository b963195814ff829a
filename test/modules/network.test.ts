import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";
import { existingAccount, fargateProfile } from "../support/profiles";
import { synthProfile } from "../support/synth";
import type { Template } from "../support/template";
import { address, ref, waitsFor } from "../support/template";

const networkTypes = [
  "aws_vpc",
  "aws_subnet",
  "aws_internet_gateway",
  "aws_route",
  "aws_route_table",
  "aws_route_table_association",
];
const networkOf = (template: Template) => networkTypes.flatMap((type) => template.resources(type));
const { publicSubnetIds, privateSubnetIds, vpcId } = existingAccount;
const fargateBehindApi = { ...fargateProfile, ingress: apiGateway() };

describe("an own VPC", () => {
  let template: Template;
  beforeAll(
    () => (template = synthProfile(fargateProfile, { zones: ["us-east-1a", "us-east-1c", "us-east-1f"] })),
  );

  it("has a public subnet in each zone, and no two overlap", () => {
    const vpc = template.only("aws_vpc");
    expect(vpc.body).toMatchObject({
      cidr_block: "10.0.0.0/16",
      enable_dns_hostnames: true,
      enable_dns_support: true,
    });
    expect(
      template
        .resources("aws_subnet")
        .map(({ body }) => [body.availability_zone, body.cidr_block, body.vpc_id]),
    ).toEqual([
      ["us-east-1a", "10.0.0.0/21", ref(vpc, "id")],
      ["us-east-1c", "10.0.32.0/21", ref(vpc, "id")],
      ["us-east-1f", "10.0.80.0/21", ref(vpc, "id")],
    ]);
  });

  it("keeps the subnet of a zone when the other zones change", () => {
    const subnets = (...letters: string[]) => {
      const zones = letters.map((letter) => `us-east-1${letter}`);
      const { resource } = synthProfile(fargateProfile, { zones }).json;
      return { ...resource.aws_subnet, ...resource.aws_route_table_association };
    };
    const before = subnets("a", "b");
    const after = subnets("c", "b", "p");
    const kept = Object.keys(before).filter((name) => name in after);
    expect(kept.map((name) => name.replace(/_[0-9A-F]{8}$/, ""))).toEqual([
      "network_public-b",
      "network_public-b-routes",
    ]);
    for (const name of kept) expect(after[name]).toEqual(before[name]);
    // The last letter that the VPC has room for
    expect(Object.values(after).map(({ cidr_block: cidr }) => cidr as unknown)).toContain("10.0.240.0/21");
  });

  it("leads every subnet out, without a NAT gateway", () => {
    const table = template.only("aws_route_table");
    expect(template.only("aws_route").body).toMatchObject({
      route_table_id: ref(table, "id"),
      destination_cidr_block: "0.0.0.0/0",
      gateway_id: ref(template.only("aws_internet_gateway"), "id"),
    });
    expect(
      template.resources("aws_route_table_association").map(({ body }) => body.subnet_id as string),
    ).toEqual(template.resources("aws_subnet").map((subnet) => ref(subnet, "id")));
    expect(template.resources("aws_nat_gateway")).toEqual([]);
  });

  it("gives tasks an address of their own, because there is no other way to their image", () => {
    expect(template.only("aws_ecs_service").body.network_configuration).toMatchObject({
      assign_public_ip: true,
      subnets: template.resources("aws_subnet").map((subnet) => ref(subnet, "id")),
    });
  });

  it("has its way out before load balancer and tasks come", () => {
    const wayOut = [template.only("aws_route"), ...template.resources("aws_route_table_association")];
    for (const type of ["aws_lb", "aws_ecs_service"]) {
      expect(waitsFor(template.only(type))).toEqual(expect.arrayContaining(wayOut.map(address)));
    }
  });
});

describe("an existing VPC", () => {
  it("is used as it is: nothing of a network is made", () => {
    for (const profile of [fargateProfile, fargateBehindApi]) {
      expect(networkOf(synthProfile(profile, existingAccount))).toEqual([]);
    }
  });

  it("holds the load balancer in its public subnets and the tasks in its private ones", () => {
    const template = synthProfile(fargateProfile, existingAccount);
    expect(template.only("aws_lb").body.subnets).toEqual(publicSubnetIds);
    expect(template.only("aws_ecs_service").body.network_configuration).toMatchObject({
      assign_public_ip: false,
      subnets: privateSubnetIds,
    });
    expect(template.only("aws_lb_target_group").body.vpc_id).toBe(vpcId);
    for (const { body } of template.resources("aws_security_group")) expect(body.vpc_id).toBe(vpcId);
  });

  it("without private subnets holds the tasks in the public ones, with an address", () => {
    const template = synthProfile(fargateProfile, { vpcId, publicSubnetIds });
    expect(template.only("aws_ecs_service").body.network_configuration).toMatchObject({
      assign_public_ip: true,
      subnets: publicSubnetIds,
    });
  });

  it("holds VPC link and Cloud Map beside the tasks", () => {
    const template = synthProfile(fargateBehindApi, existingAccount);
    expect(template.only("aws_apigatewayv2_vpc_link").body.subnet_ids).toEqual(privateSubnetIds);
    expect(template.only("aws_service_discovery_private_dns_namespace").body.vpc).toBe(vpcId);
  });

  it("is not asked for by functions alone", () => {
    const template = synthProfile({ ...fargateBehindApi, services: { api: lambda({}) } }, existingAccount);
    expect(JSON.stringify(template.json)).not.toContain(vpcId);
  });
});

describe("security groups", () => {
  it("of tasks let out every TCP connection and let in the front door alone", () => {
    for (const ingress of [alb({ scheme: "internet-facing" }), apiGateway()]) {
      const template = synthProfile({ ...fargateProfile, services: { api: fargate({}) }, ingress });
      const tasks = template
        .resources("aws_security_group")
        .find(({ name }) => name.startsWith("services_api"))!;
      const front = template.resources("aws_security_group").find(({ name }) => name.startsWith("ingress"))!;
      const rules = (type: string) =>
        template.resources(type).filter(({ body }) => body.security_group_id === ref(tasks, "id"));
      expect(rules("aws_vpc_security_group_ingress_rule").map(({ body }) => body)).toEqual([
        expect.objectContaining({
          referenced_security_group_id: ref(front, "id"),
          from_port: 8000,
          to_port: 8000,
          ip_protocol: "tcp",
        }),
      ]);
      expect(rules("aws_vpc_security_group_egress_rule").map(({ body }) => body)).toEqual([
        expect.objectContaining({ cidr_ipv4: "0.0.0.0/0", ip_protocol: "tcp", from_port: 0, to_port: 65535 }),
      ]);
    }
  });
});
