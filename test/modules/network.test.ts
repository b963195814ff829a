import { endpointServices } from "../../modules/network/endpoint-services";
import { parseProfile } from "../../profiles/parse";
import type { ProfileInput } from "../../profiles/schema";
import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";
import { existingAccount, fargateProfile } from "../support/profiles";
import { synthProfile } from "../support/synth";
import type { Resource, Template } from "../support/template";
import { address, ref, references, waitsFor } from "../support/template";

const networkTypes = [
  "aws_vpc",
  "aws_vpc_endpoint",
  "aws_default_security_group",
  "aws_eip",
  "aws_nat_gateway",
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

describe("private subnets", () => {
  const withEgress = (egress: "nat" | "endpoints", change: Partial<ProfileInput> = {}) =>
    synthProfile(
      { ...fargateProfile, network: { egress }, ...change },
      { zones: ["us-east-1a", "us-east-1c"] },
    );
  const subnetsOf = (template: Template, side: "public" | "private") =>
    template.resources("aws_subnet").filter(({ name }) => name.startsWith(`network_${side}`));
  /** Routes of the table that a subnet uses. */
  const routesOf = (template: Template, subnet: Resource) => {
    const { body } = template
      .resources("aws_route_table_association")
      .find((association) => association.body.subnet_id === ref(subnet, "id"))!;
    return template
      .resources("aws_route")
      .map((route) => route.body)
      .filter((route) => route.route_table_id === body.route_table_id);
  };

  it.each(["nat", "endpoints"] as const)(
    "with %s hold the tasks, without an address of their own",
    (egress) => {
      const template = withEgress(egress);
      const subnets = subnetsOf(template, "private");
      expect(subnets.map(({ body }) => [body.availability_zone, body.cidr_block] as unknown)).toEqual([
        ["us-east-1a", "10.0.8.0/21"],
        ["us-east-1c", "10.0.40.0/21"],
      ]);
      expect(template.only("aws_ecs_service").body.network_configuration).toMatchObject({
        assign_public_ip: false,
        subnets: subnets.map((subnet) => ref(subnet, "id")),
      });
      expect(template.only("aws_lb").body.subnets).toEqual(
        subnetsOf(template, "public").map((subnet) => ref(subnet, "id")),
      );
    },
  );

  it("hold VPC link too, beside the tasks", () => {
    const template = withEgress("nat", { ingress: apiGateway() });
    expect(template.only("aws_apigatewayv2_vpc_link").body.subnet_ids).toEqual(
      subnetsOf(template, "private").map((subnet) => ref(subnet, "id")),
    );
  });

  it("overlap with no other subnet, in as many zones as there can be", () => {
    const letters = [..."abcdefghijklmnop"];
    const template = synthProfile(
      { ...fargateProfile, network: { egress: "nat" } },
      { zones: letters.map((letter) => `us-east-1${letter}`) },
    );
    const ranges = template.resources("aws_subnet").map(({ body }) => {
      const [, third] = /^10\.0\.(\d+)\.0\/21$/.exec(body.cidr_block as string)!;
      return Number(third);
    });
    // A /21 is eight of the third numbers
    expect(ranges.sort((a, b) => a - b)).toEqual(Array.from({ length: 32 }, (_, i) => 8 * i));
  });

  it("with nat lead out through the gateway of their own zone", () => {
    const template = withEgress("nat");
    const natGateways = template.resources("aws_nat_gateway");
    expect(natGateways).toHaveLength(2);
    for (const letter of ["a", "c"]) {
      const ofZone = (resources: Resource[]) => resources.find(({ name }) => name.includes(`-${letter}_`))!;
      const gateway = ofZone(natGateways);
      expect(gateway.body.subnet_id).toBe(ref(ofZone(subnetsOf(template, "public")), "id"));
      expect(gateway.body.allocation_id).toBe(ref(ofZone(template.resources("aws_eip")), "id"));
      expect(routesOf(template, ofZone(subnetsOf(template, "private")))).toEqual([
        expect.objectContaining({
          destination_cidr_block: "0.0.0.0/0",
          nat_gateway_id: ref(gateway, "id"),
        }),
      ]);
    }
    expect(
      template.resources("aws_vpc_endpoint").map(({ body }) => body.vpc_endpoint_type as string),
    ).toEqual(["Gateway"]);
  });

  it("with endpoints have no route to the internet", () => {
    const template = withEgress("endpoints");
    for (const subnet of subnetsOf(template, "private")) expect(routesOf(template, subnet)).toEqual([]);
    expect(template.resources("aws_nat_gateway")).toEqual([]);
    expect(template.resources("aws_eip")).toEqual([]);
  });

  it.each(["nat", "endpoints"] as const)(
    "with %s get the layers of images past everything that costs",
    (egress) => {
      const template = withEgress(egress);
      const s3 = template
        .resources("aws_vpc_endpoint")
        .find(({ body }) => body.vpc_endpoint_type === "Gateway")!;
      expect(s3.body.service_name).toBe("com.amazonaws.us-east-1.s3");
      const tables = subnetsOf(template, "private").map(
        (subnet) =>
          template
            .resources("aws_route_table_association")
            .find(({ body }) => body.subnet_id === ref(subnet, "id"))!.body.route_table_id as string,
      );
      expect(s3.body.route_table_ids).toEqual(tables);
      expect(new Set(tables).size).toBe(2);
    },
  );

  it("with endpoints let in HTTPS from themselves alone", () => {
    const template = withEgress("endpoints");
    const interfaces = template
      .resources("aws_vpc_endpoint")
      .filter(({ body }) => body.vpc_endpoint_type === "Interface");
    const [group] = references(interfaces[0]!.body.security_group_ids);
    for (const { body } of interfaces) {
      expect(body.private_dns_enabled).toBe(true);
      expect(body.subnet_ids).toEqual(subnetsOf(template, "private").map((subnet) => ref(subnet, "id")));
      expect(references(body.security_group_ids)).toEqual([group]);
    }
    const rules = template
      .resources("aws_vpc_security_group_ingress_rule")
      .map(({ body }) => body)
      .filter((body) => references(body.security_group_id)[0]!.address === group!.address);
    expect(rules.map((body) => [body.cidr_ipv4, body.from_port, body.to_port] as unknown)).toEqual([
      ["10.0.8.0/21", 443, 443],
      ["10.0.40.0/21", 443, 443],
    ]);
  });

  it.each(["nat", "endpoints"] as const)("with %s have their way out before tasks come", (egress) => {
    const template = withEgress(egress);
    const wayOut = [
      ...["aws_route", "aws_route_table_association", "aws_vpc_endpoint"].flatMap((type) =>
        template.resources(type),
      ),
      ...template
        .resources("aws_vpc_security_group_ingress_rule")
        .filter(({ name }) => name.startsWith("network")),
    ].map(address);
    expect(waitsFor(template.only("aws_ecs_service"))).toEqual(expect.arrayContaining(wayOut));
  });

  it("of a zone stay when the other zones change", () => {
    const [before, after] = [
      ["a", "b"],
      ["b", "c"],
    ].map((letters) => {
      const zones = letters.map((letter) => `us-east-1${letter}`);
      return synthProfile({ ...fargateProfile, network: { egress: "nat" } }, { zones });
    });
    const ofB = (template: Template) =>
      template
        .all()
        .filter(({ name }) => /^network_.*-b(-routes)?_/.test(name) && !name.includes("association"));
    expect(ofB(before!).length).toBeGreaterThan(4);
    for (const resource of ofB(before!)) {
      // What it waits for may change; what it is may not
      const found = after!.at(address(resource)).body;
      expect({ ...found, depends_on: undefined }).toEqual({ ...resource.body, depends_on: undefined });
    }
  });

  it("are not made in a VPC that exists already", () => {
    for (const egress of ["nat", "endpoints"] as const) {
      const template = synthProfile({ ...fargateProfile, network: { egress } }, existingAccount);
      expect(networkOf(template)).toEqual([]);
    }
  });

  it("speak to AWS in China by its own names", () => {
    const template = synthProfile(
      { ...fargateProfile, network: { egress: "endpoints" } },
      { region: "cn-north-1", image: undefined },
    );
    expect(
      template
        .resources("aws_vpc_endpoint")
        .map(({ body }) => body.service_name as string)
        .sort(),
    ).toEqual([
      "cn.com.amazonaws.cn-north-1.ecr.api",
      "cn.com.amazonaws.cn-north-1.ecr.dkr",
      "cn.com.amazonaws.cn-north-1.logs",
      "com.amazonaws.cn-north-1.s3",
    ]);
  });
});

describe("endpointServices", () => {
  const images = ["ecr.api", "ecr.dkr", "logs"];
  const secrets = {
    AA: "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf",
    BB: "arn:aws:ssm:us-east-1:123456789012:parameter/b",
  };
  const ofFunction = { api: lambda({ vpc: true, secrets: { BB: secrets.BB } }) };
  it.each<[string, Partial<ProfileInput>, string[]]>([
    ["of tasks are those of images and logs", {}, images],
    [
      "of tasks with secrets are those of their kinds",
      { services: { api: fargate({ secrets }) } },
      [...images, "secretsmanager", "ssm"],
    ],
    [
      "of all services' secrets, too",
      { container: { secrets: { AA: secrets.AA } } },
      [...images, "secretsmanager"],
    ],
    [
      "of tasks with a shell and traces, too",
      { container: { tracing: "xray" }, services: { api: fargate({ executeCommand: true }) } },
      [...images, "ssmmessages", "xray"],
    ],
    ["of functions are those of their secrets only", { services: ofFunction }, ["ssm"]],
    [
      "of a function outside the VPC are none",
      {
        services: { api: lambda({ secrets }), tasks: fargate({}) },
        routes: [
          { path: "/t", to: "tasks" },
          { path: "/*", to: "api" },
        ],
      },
      images,
    ],
  ])("%s", (_what, change, expected) => {
    const profile = parseProfile({ ...fargateProfile, network: { egress: "endpoints" }, ...change });
    expect(endpointServices(profile)).toEqual(expected);
  });

  it("each have an endpoint, and nothing else has one", () => {
    const template = synthProfile({
      ...fargateProfile,
      network: { egress: "endpoints" },
      services: { api: fargate({ executeCommand: true, secrets }) },
    });
    expect(
      template
        .resources("aws_vpc_endpoint")
        .map(({ body }) => (body.service_name as string).replace("com.amazonaws.us-east-1.", ""))
        .sort(),
    ).toEqual(["ecr.api", "ecr.dkr", "logs", "s3", "secretsmanager", "ssm", "ssmmessages"]);
  });
});

describe("security groups", () => {
  it("that a VPC is made with are closed: no rule in, no rule out", () => {
    const template = synthProfile(fargateProfile);
    const group = template.only("aws_default_security_group");
    expect(group.body.vpc_id).toBe(ref(template.only("aws_vpc"), "id"));
    // Terraform takes away every rule that isn't here
    expect(group.body).not.toHaveProperty("ingress");
    expect(group.body).not.toHaveProperty("egress");
    const rules = template.all().filter(({ type }) => type.startsWith("aws_vpc_security_group"));
    expect(rules.length).toBeGreaterThan(0);
    for (const { body } of rules) {
      expect(references(body.security_group_id)[0]!.address).not.toBe(address(group));
    }
  });

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
