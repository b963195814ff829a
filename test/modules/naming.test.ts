import type { NamedResource } from "../../modules/naming";
import { resourceName } from "../../modules/naming";
import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";
import { synthProfile } from "../support/synth";
import type { Resource } from "../support/template";

/** Longest names as AWS documents them; written out here and not taken from the code. */
const documented: Record<NamedResource, number> = {
  alb: 32,
  // 37 with the end that Terraform adds after a hyphen: aws_s3_bucket, bucket_prefix.
  bucketPrefix: 36,
  apiGateway: 128,
  // One label of a DNS name.
  discoveryNamespace: 63,
  ecs: 255,
  eventRule: 64,
  function: 64,
  policy: 128,
  role: 64,
  securityGroup: 255,
  targetGroup: 32,
  webAcl: 128,
};
const kinds = Object.entries(documented) as [keyof typeof documented, number][];

describe("resourceName", () => {
  it.each(kinds)("%s: a name of up to %d letters stays as it is", (kind, limit) => {
    for (const length of [1, 10, limit - 1, limit]) {
      expect(resourceName(kind, "a".repeat(length))).toBe("a".repeat(length));
    }
  });

  it.each(kinds)("%s: a longer one is cut to %d and keeps its beginning", (kind, limit) => {
    for (let length = limit + 1; length <= limit + 60; length++) {
      const base = `start${"x".repeat(length - 5)}`;
      const name = resourceName(kind, base);
      expect(name.length).toBeLessThanOrEqual(limit);
      expect(name).toMatch(/^startx+-[0-9a-f]{8}$/);
    }
  });

  it.each(kinds)("%s: with something to tell apart it fits, too, and ends with a hash", (kind, limit) => {
    for (let length = 1; length <= limit + 60; length++) {
      const name = resourceName(kind, "a".repeat(length), ["8000", "HTTP"]);
      expect(name.length).toBeLessThanOrEqual(limit);
      expect(name).toMatch(/^a+-[0-9a-f]{8}$/);
    }
  });

  it("keeps long names apart that differ at the end only", () => {
    const names = Array.from({ length: 500 }, (_, i) => resourceName("alb", `${"long-name-".repeat(5)}${i}`));
    expect(new Set(names).size).toBe(500);
  });

  it("gives another name for each thing to tell apart, and for their order", () => {
    const lists = [["8000"], ["8001"], ["8000", "ip"], ["ip", "8000"], ["8000ip"], ["8000", "ip", "vpc-1"]];
    const names = lists.map((list) => resourceName("targetGroup", "base", list));
    expect(new Set(names).size).toBe(lists.length);
  });

  it("is always the same for the same input", () => {
    const base = "x".repeat(50);
    expect(resourceName("alb", base)).toBe(resourceName("alb", base));
    // A change here gives every deployed target group another name, and so replaces it
    expect(resourceName("targetGroup", "lof-lambda-alb-api", ["lambda"])).toBe("lof-lambda-alb-api-d52fe87a");
  });

  it("never has two hyphens where it was cut", () => {
    for (let length = 15; length < 30; length++) {
      const name = resourceName("alb", `${"a".repeat(length)}${"-".repeat(20)}`, ["x"]);
      expect(name).toMatch(/^a+-[0-9a-f]{8}$/);
    }
  });
});

describe("names in a stack", () => {
  const longest: Readonly<Record<string, number>> = {
    aws_apigatewayv2_api: documented.apiGateway,
    aws_cloudwatch_event_rule: documented.eventRule,
    aws_ecs_cluster: documented.ecs,
    aws_ecs_service: documented.ecs,
    aws_iam_role: documented.role,
    aws_lambda_function: documented.function,
    aws_lb: documented.alb,
    aws_lb_target_group: documented.targetGroup,
    aws_security_group: documented.securityGroup,
  };
  const nameOf = ({ body }: Resource) => (body.function_name ?? body.name) as string;

  /** A name of this length with a hyphen wherever one may stand, so that each cut meets one. */
  const hyphens = (length: number) => "a-".repeat(length).slice(0, length - 1) + "z";

  it.each([
    ["shortest", 2, 2, 1],
    ["cut at the load balancer's", 9, 12, 9],
    ["cut at the load balancer's, one later", 10, 12, 9],
    ["cut at the function's", 20, 22, 20],
    ["cut at the function's, one later", 20, 23, 21],
    ["longest", 20, 41, 21],
  ])("are within AWS's limits and never end with a hyphen: %s", (_what, name, profile, service) => {
    const id = hyphens(service);
    for (const ingress of [alb(), apiGateway()]) {
      for (const runtime of [lambda({ keepWarm: {} }), fargate({})]) {
        const template = synthProfile(
          {
            name: hyphens(profile),
            summary: "for tests",
            services: { [id]: runtime },
            ingress,
            routes: [{ path: "/*", to: id }],
          },
          { name: hyphens(name) },
        );
        const named = template.all().filter(({ type }) => type in longest);
        expect(named.length).toBeGreaterThan(2);
        for (const resource of named) {
          expect([resource.type, nameOf(resource)]).toEqual([
            resource.type,
            expect.stringMatching(/^[a-z]([a-z0-9-]*[a-z0-9])?$/),
          ]);
          expect(nameOf(resource).length).toBeLessThanOrEqual(longest[resource.type]!);
        }
        // THEN each label of the tasks' DNS name is one that DNS takes
        for (const { body } of template.resources("aws_service_discovery_private_dns_namespace")) {
          for (const label of (body.name as string).split(".")) {
            expect(label).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
          }
        }
      }
    }
  });

  it.each([62, 63, 64, 65])("of a service of %d letters: the DNS label has 63 at most", (length) => {
    // GIVEN <name>-<profile>-<service> of this length
    const [name, service] = ["n".repeat(20), "s".repeat(20)] as const;
    const profile = "p".repeat(length - name.length - service.length - 2);
    const template = synthProfile(
      {
        name: profile,
        summary: "for tests",
        services: { [service]: fargate({}) },
        ingress: apiGateway(),
        routes: [{ path: "/*", to: service }],
      },
      { name },
    );
    const [label, zone] = (
      template.only("aws_service_discovery_private_dns_namespace").body.name as string
    ).split(".");
    expect(zone).toBe("internal");
    expect(label!.length).toBe(Math.min(length, 63));
    // THEN the service itself has room for all of it
    expect((template.only("aws_ecs_service").body.name as string).length).toBe(length);
  });
});
