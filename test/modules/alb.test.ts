import { AlbIngress } from "../../modules/ingress/alb-ingress";
import { Network } from "../../modules/network/network";
import type { ContainerRuntime } from "../../modules/runtime/container-runtime";
import { fargateCluster } from "../../modules/runtime/fargate-cluster";
import { FargateRuntime } from "../../modules/runtime/fargate-runtime";
import { LambdaRuntime } from "../../modules/runtime/lambda-runtime";
import type { TerraformStack } from "../../modules/cdktf";
import { TerraformOutput } from "../../modules/cdktf";
import { parseProfile } from "../../profiles/parse";
import type { FargateService, LambdaService, ProfileInput } from "../../profiles/schema";
import { alb, fargate, lambda } from "../../profiles/schema";
import { containerSpec, synthConstructs } from "../support/constructs";
import { existingAccount, fargateProfile } from "../support/profiles";
import { synthProfile } from "../support/synth";
import type { Body, Resource, Template } from "../support/template";
import { address, ref, references, waitsFor } from "../support/template";

const { certificateArn, domain } = existingAccount;
const https = { certificateArn, domain };

/** Two services behind a load balancer; `one` on Fargate, `two` on either. */
const two = (to: ProfileInput["routes"][number]["to"], change: Partial<ProfileInput> = {}): ProfileInput => ({
  ...fargateProfile,
  services: { one: fargate({}), two: lambda({}) },
  routes: [
    { path: "/*", to },
    { path: "/two", to: "two" },
  ],
  ...change,
});
const groupOf = (template: Template, service: string) =>
  template.resources("aws_lb_target_group").find(({ name }) => name.startsWith(`ingress_to-${service}_`))!;
const ruleOf = (template: Template, path: string): Resource =>
  template
    .resources("aws_lb_listener_rule")
    .find(({ body }) => body.condition[0].path_pattern?.values[0] === path)!;

describe("a route that is shared", () => {
  const shares = [
    { service: "one", weight: 3 },
    { service: "two", weight: 1 },
  ];

  it("goes to several target groups by weight", () => {
    const template = synthProfile(two(shares));
    expect(ruleOf(template, "/*").body.action).toEqual([
      {
        type: "forward",
        forward: {
          target_group: [
            { arn: ref(groupOf(template, "one"), "arn"), weight: 3 },
            { arn: ref(groupOf(template, "two"), "arn"), weight: 1 },
          ],
        },
      },
    ]);
  });

  it("has the targets of every group, whatever their weight", () => {
    for (const weights of [
      [0, 1],
      [1, 0],
    ]) {
      const template = synthProfile(two(shares.map((share, i) => ({ ...share, weight: weights[i]! }))));
      const rule = ruleOf(template, "/*");
      // THEN the function is attached before the rule, and the service comes after it
      expect(waitsFor(rule)).toEqual([address(template.only("aws_lb_target_group_attachment"))]);
      const service = template.only("aws_ecs_service");
      expect(service.body.load_balancer).toEqual([
        expect.objectContaining({ target_group_arn: ref(groupOf(template, "one"), "arn") }),
      ]);
      expect(waitsFor(service)).toContain(address(rule));
    }
  });

  it("is no other rule than one that is not: a change of weights is an update in place", () => {
    const [shared, whole] = [shares, "one"].map((to) => synthProfile(two(to)));
    expect(address(ruleOf(shared!, "/*"))).toBe(address(ruleOf(whole!, "/*")));
    expect(ruleOf(shared!, "/*").body.priority).toBe(ruleOf(whole!, "/*").body.priority);
    expect(ruleOf(whole!, "/*").body.action).toEqual([
      { type: "forward", target_group_arn: ref(groupOf(whole!, "one"), "arn") },
    ]);
    expect(shared!.all().map(address).sort()).toEqual(whole!.all().map(address).sort());
  });
});

describe("sessions", () => {
  const container = { mcpSessions: "stateful" } as const;

  it("that are stateful bring a client back to its task, by the load balancer's cookie", () => {
    const template = synthProfile({ ...fargateProfile, container });
    expect(template.only("aws_lb_target_group").body.stickiness).toEqual({
      type: "lb_cookie",
      enabled: true,
    });
  });

  it("that are stateful also bring it back to its target group", () => {
    const shares = ["one", "two"].map((service) => ({ service, weight: 1 }));
    const services = { one: fargate({}), two: fargate({}) };
    const template = synthProfile(two(shares, { container, services }));
    expect(ruleOf(template, "/*").body.action[0].forward.stickiness).toEqual({
      enabled: true,
      duration: 86400,
    });
  });

  it("that are stateless leave every request free", () => {
    const template = synthProfile(
      two([
        { service: "one", weight: 1 },
        { service: "two", weight: 1 },
      ]),
    );
    expect(groupOf(template, "one").body.stickiness).toEqual({ type: "lb_cookie", enabled: false });
    // AWS has no stickiness for functions
    expect(groupOf(template, "two").body).not.toHaveProperty("stickiness");
    expect(ruleOf(template, "/*").body.action[0].forward).not.toHaveProperty("stickiness");
  });
});

describe("access by token", () => {
  const jwt = {
    kind: "jwt" as const,
    issuer: "https://login.example.com/",
    audience: ["app"],
    jwksUrl: "https://login.example.com/keys",
  };
  const guarded = (change: Partial<ProfileInput> = {}, access = jwt) =>
    synthProfile(two("one", { ingress: alb({ access }), ...change }), https);

  it("is checked by every rule before it hands on", () => {
    const template = guarded({
      routes: [
        { path: "/models", to: "two" },
        { path: "/*", to: "one" },
      ],
    });
    for (const [path, service] of [
      ["/models", "two"],
      ["/*", "one"],
    ] as const) {
      expect(ruleOf(template, path).body.action).toEqual([
        {
          type: "jwt-validation",
          jwt_validation: {
            issuer: "https://login.example.com/",
            jwks_endpoint: "https://login.example.com/keys",
            additional_claim: [{ name: "aud", format: "single-string", values: ["app"] }],
          },
        },
        { type: "forward", target_group_arn: ref(groupOf(template, service), "arn") },
      ]);
    }
    expect(template.resources("aws_lb_listener_rule")).toHaveLength(2);
  });

  it("of several audiences asks for a list", () => {
    const rule = ruleOf(guarded({}, { ...jwt, audience: ["app", "admin"] }), "/*");
    expect(rule.body.action[0].jwt_validation.additional_claim).toEqual([
      { name: "aud", format: "string-array", values: ["app", "admin"] },
    ]);
  });

  it("lets a browser ask first without a token, where other origins may call, and nothing else", () => {
    const template = guarded({ container: { corsOrigins: ["https://app.example.com"] } });
    const open = template
      .resources("aws_lb_listener_rule")
      .filter(({ body }) => body.action[0].type !== "jwt-validation");
    expect(open.map(({ body }) => body as unknown)).toEqual([
      expect.objectContaining({
        priority: 1,
        condition: [
          { http_request_method: { values: ["OPTIONS"] } },
          { http_header: { http_header_name: "Access-Control-Request-Method", values: ["*"] } },
        ],
        action: [{ type: "forward", target_group_arn: ref(groupOf(template, "one"), "arn") }],
      }),
    ]);
  });

  it("needs HTTPS", () => {
    const { ingress: options } = parseProfile(two("one", { ingress: alb({ access: jwt }) }));
    expect(() => byHand(() => undefined, { options })).toThrow(/^test\/ingress: .*props\.https/);
  });

  it("is nothing that a public profile has, with other origins or without", () => {
    for (const corsOrigins of [[], ["*"]]) {
      const template = synthProfile(two("one", { container: { corsOrigins } }), https);
      expect(ruleOf(template, "/*").body.action).toHaveLength(1);
    }
  });
});

describe("access logs", () => {
  let template: Template;
  beforeAll(() => (template = synthProfile({ ...fargateProfile, logRetentionDays: 60 })));

  it("go to a bucket of the profile's own, whose policy is there first", () => {
    const [bucket, policy] = [template.only("aws_s3_bucket"), template.only("aws_s3_bucket_policy")];
    const lb = template.only("aws_lb");
    expect(lb.body.access_logs).toEqual({ bucket: ref(bucket, "id"), enabled: true });
    expect(waitsFor(lb)).toContain(address(policy));
    expect(waitsFor(policy)).toEqual([address(template.only("aws_s3_bucket_public_access_block"))]);
  });

  it("may be written by load balancers of this account, and read over TLS only", () => {
    const policy = template.only("aws_s3_bucket_policy").body.policy as string;
    const arn = ref(template.only("aws_s3_bucket"), "arn");
    const group = template.resources("aws_security_group").find(({ name }) => name.startsWith("ingress"))!;
    expect((JSON.parse(policy) as { Statement: Body[] }).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `${arn}/AWSLogs/${ref(group, "owner_id")}/*`,
      },
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("are private, encrypted with keys of S3, and gone after the profile's days", () => {
    expect(template.only("aws_s3_bucket_public_access_block").body).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(template.only("aws_s3_bucket_server_side_encryption_configuration").body.rule).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
    ]);
    expect(template.only("aws_s3_bucket_lifecycle_configuration").body.rule).toEqual([
      expect.objectContaining({ status: "Enabled", expiration: [{ days: 60 }] }),
    ]);
  });

  it("have a bucket name that fits, with room for what makes it unique", () => {
    for (const name of ["p2", `p${"x".repeat(40)}`]) {
      const prefix = synthProfile({ ...fargateProfile, name }, { name: "l".repeat(20) }).only("aws_s3_bucket")
        .body.bucket_prefix as string;
      expect(prefix.length).toBeLessThanOrEqual(37);
      expect(prefix).toMatch(/^[a-z0-9][a-z0-9-]*-$/);
    }
  });

  it("of two profiles with long names don't share a beginning", () => {
    const prefixes = ["a", "b"].map(
      (end) =>
        synthProfile({ ...fargateProfile, name: `p${"x".repeat(39)}${end}` }).only("aws_s3_bucket").body
          .bucket_prefix as string,
    );
    expect(prefixes[0]).not.toBe(prefixes[1]);
  });

  it("can be turned off, and then there is no bucket", () => {
    const without = synthProfile({ ...fargateProfile, ingress: alb({ accessLogs: false }) });
    expect(without.all().filter(({ type }) => type.startsWith("aws_s3"))).toEqual([]);
    // Said, and not left out: the provider would leave logs on that were on before
    expect(without.only("aws_lb").body.access_logs).toEqual({ bucket: "", enabled: false });
  });
});

describe("protection", () => {
  it.each([true, false])("of a profile that is protected: %s", (isProtected) => {
    const template = synthProfile({ ...fargateProfile, protected: isProtected });
    expect(template.only("aws_lb").body.enable_deletion_protection).toBe(isProtected);
    // The logs of a profile that may go go with it
    expect(template.only("aws_s3_bucket").body.force_destroy).toBe(!isProtected);
  });
});

/** A load balancer made by hand, and what it is given. */
function byHand(
  use: (
    stack: TerraformStack,
    ingress: AlbIngress,
    runtimes: Record<"fn" | "tasks", ContainerRuntime>,
  ) => void,
  change: object = {},
): Template {
  return synthConstructs((stack) => {
    const network = new Network(stack, "network", {
      name: "lof",
      region: "us-east-1",
      zones: ["us-east-1a", "us-east-1b"],
      egress: "public-ip",
    });
    const common = { region: "us-east-1", container: containerSpec, logRetentionDays: 7 };
    const { one, two: fn } = parseProfile(two("one")).services;
    const cluster = fargateCluster(stack, { name: "lof" });
    const runtimes = {
      tasks: new FargateRuntime(stack, "tasks", {
        ...common,
        name: "lof-tasks",
        network,
        cluster,
        service: one as FargateService,
      }),
      fn: new LambdaRuntime(stack, "fn", { ...common, name: "lof-fn", service: fn as LambdaService }),
    };
    const { ingress: options } = parseProfile(fargateProfile);
    if (options.kind !== "alb") throw new Error("fargateProfile has no load balancer");
    const ingress = new AlbIngress(stack, "ingress", {
      name: "lof",
      network,
      options,
      logRetentionDays: 7,
      deletionProtection: false,
      ...change,
    });
    use(stack, ingress, runtimes);
  });
}

describe("an internal load balancer with one client", () => {
  it("is open to its security group, and to no address", () => {
    const template = byHand((_stack, ingress, { tasks }) => ingress.route("/*", [{ to: tasks, weight: 1 }]), {
      clients: { securityGroupId: "sg-client" },
    });
    const front = references(template.only("aws_lb").body.security_groups)[0]!.address;
    const into = template
      .resources("aws_vpc_security_group_ingress_rule")
      .map(({ body }) => body)
      .filter((body) => references(body.security_group_id)[0]!.address === front);
    expect(into).toEqual([
      expect.objectContaining({ referenced_security_group_id: "sg-client", from_port: 80, to_port: 80 }),
    ]);
    expect(into[0]).not.toHaveProperty("cidr_ipv4");
  });
});

describe("a name of its own", () => {
  it("points at the load balancer", () => {
    const template = byHand(
      (stack, ingress) => {
        for (const [id, value] of Object.entries(ingress.dnsTarget!)) {
          new TerraformOutput(stack, id, { value, staticId: true });
        }
      },
      { https },
    );
    const lb = template.only("aws_lb");
    expect(template.outputs).toEqual({ name: ref(lb, "dns_name"), zoneId: ref(lb, "zone_id") });
  });

  it("is not there without HTTPS", () => {
    byHand((_stack, ingress) => expect(ingress.dnsTarget).toBeUndefined());
  });
});

describe("the metrics of a load balancer", () => {
  const names = (metrics: readonly { readonly name: string }[]) => metrics.map(({ name }) => name);

  it("of tasks are those of their group", () => {
    const template = byHand((stack, ingress, { fn, tasks }) => {
      ingress.route("/f", [{ to: fn, weight: 1 }]);
      ingress.route("/*", [{ to: tasks, weight: 1 }]);
      const { countedBy, errors, requests } = ingress.metricsOf(tasks);
      expect([countedBy, names(requests), names(errors)]).toEqual([
        "service",
        ["RequestCount"],
        ["HTTPCode_Target_5XX_Count"],
      ]);
      expect(ingress.unhealthyTargetsOf(tasks)).toMatchObject({
        name: "UnHealthyHostCount",
        stat: "Maximum",
      });
      for (const [name, value] of Object.entries(requests[0]!.dimensions)) {
        new TerraformOutput(stack, name, { value, staticId: true });
      }
    });
    expect(template.outputs).toEqual({
      LoadBalancer: ref(template.only("aws_lb"), "arn_suffix"),
      TargetGroup: ref(groupOf(template, "tasks"), "arn_suffix"),
    });
  });

  it("of a function also count the answers in its place", () => {
    byHand((_stack, ingress, { fn }) => {
      ingress.route("/*", [{ to: fn, weight: 1 }]);
      expect(names(ingress.metricsOf(fn).errors)).toEqual([
        "HTTPCode_Target_5XX_Count",
        "LambdaUserError",
        "LambdaInternalError",
      ]);
      expect(ingress.unhealthyTargetsOf(fn)).toBeUndefined();
    });
  });

  it("of a service without a route are a mistake of the caller", () => {
    byHand((_stack, ingress, { tasks }) => {
      for (const ask of [() => ingress.metricsOf(tasks), () => ingress.unhealthyTargetsOf(tasks)]) {
        expect(ask).toThrow("test/ingress: test/tasks has no route");
      }
    });
  });
});
