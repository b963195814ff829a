import { estimateCost } from "../../../estimate/cost/estimate-cost";
import { parseWorkload } from "../../../estimate/workload/load";
import { resourcesOfProfiles } from "../../../cli/profile-resources";
import { Token } from "../../../modules/cdktf";
import { parseProfile } from "../../../profiles/parse";
import type { ProfileInput } from "../../../profiles/schema";
import { alb, apiGateway, fargate, lambda } from "../../../profiles/schema";
import { parseSettings } from "../../../stacks/settings";
import { fargateProfile, fromCatalog, lambdaProfile } from "../../support/profiles";
import { synthProfile } from "../../support/synth";
import type { Template } from "../../support/template";
import { ref } from "../../support/template";

const alarms = (template: Template) => template.resources("aws_cloudwatch_metric_alarm");
/** Names without the part that all have. */
const alarmNames = (template: Template, common: string) =>
  alarms(template)
    .map(({ body }) => (body.alarm_name as string).replace(`${common}-`, ""))
    .sort();
const queryNames = (template: Template) =>
  template
    .resources("aws_cloudwatch_query_definition")
    .map(({ body }) => (body.name as string).split("/")[1]!);

const everything: ProfileInput = {
  ...lambdaProfile,
  services: {
    fn: lambda({ provisionedConcurrency: { min: 1, max: 3 }, logFormat: "json" }),
    snap: lambda({ snapStart: true, keepWarm: {} }),
    tasks: fargate({ tasks: { min: 2, max: 4 } }),
  },
  ingress: alb(),
  routes: [
    { path: "/fn", to: "fn" },
    { path: "/snap", to: "snap" },
    { path: "/*", to: "tasks" },
  ],
};

describe("monitoring", () => {
  it("full: has an alarm for everything that the profile can suffer from", () => {
    expect(alarmNames(synthProfile(everything), "lof-test-lambda")).toEqual([
      "error-share",
      "fn-init-timeouts",
      "fn-log-errors",
      "fn-provisioned-spill",
      "fn-provisioned-use",
      "fn-throttles",
      "rejected-connections",
      "slow-requests",
      "snap-init-timeouts",
      "snap-log-errors",
      "snap-throttles",
      "tasks-log-errors",
      "tasks-missing-tasks",
      "tasks-unhealthy-targets",
    ]);
  });

  it("basic: has the alarms that need no paid metric, and the queries", () => {
    const template = synthProfile({ ...everything, monitoring: "basic" });
    expect(alarmNames(template, "lof-test-lambda")).toEqual([
      "error-share",
      "fn-throttles",
      "snap-throttles",
      "tasks-missing-tasks",
    ]);
    expect(template.resources("aws_cloudwatch_log_metric_filter")).toEqual([]);
    expect(queryNames(template)).toEqual(queryNames(synthProfile(everything)));
  });

  it("off: has nothing but the alarm that rolls back", () => {
    const off = { ...fargateProfile, monitoring: "off" } as const;
    expect(alarms(synthProfile(off))).toEqual([]);
    const template = synthProfile({ ...off, rollbackAtErrorPercent: 5 });
    expect(alarmNames(template, "lof-test-fargate")).toEqual(["api-rollback-errors"]);
    expect(template.resources("aws_cloudwatch_query_definition")).toEqual([]);
  });

  it("by anomaly only where a setting asks for it", () => {
    const unusual = (name: string) => name.startsWith("unusual");
    const names = (overrides = {}) => alarmNames(synthProfile(lambdaProfile, overrides), "lof-test-lambda");
    expect(names().filter(unusual)).toEqual([]);
    expect(names({ anomalyDetection: true }).filter(unusual)).toEqual(["unusual-latency", "unusual-traffic"]);
  });

  it("does not call a long stream slow, where the front door counts until its end", () => {
    const rest = (streaming: boolean): ProfileInput => ({
      ...lambdaProfile,
      services: { api: lambda({ streaming }) },
      ingress: apiGateway({ protocol: "rest" }),
    });
    const names = (streaming: boolean) =>
      alarmNames(synthProfile(rest(streaming), { anomalyDetection: true }), "lof-test-lambda");
    expect(names(false)).toEqual(expect.arrayContaining(["slow-requests", "unusual-latency"]));
    expect(names(true).filter((name) => /slow|latency/.test(name))).toEqual([]);
    // A load balancer counts until the first byte
    expect(alarmNames(synthProfile(fromCatalog("fargate-sse")), "lof-fargate-sse")).toContain(
      "slow-requests",
    );
  });

  it("does not miss tasks that the clock takes away", () => {
    const night = { name: "night", cron: "cron(0 20 ? * MON-FRI *)", min: 0, max: 0 };
    const morning = { ...night, name: "morning", min: 3, max: 4 };
    const names = (schedule: (typeof night)[]) =>
      alarmNames(
        synthProfile({
          ...fargateProfile,
          services: { api: fargate({ tasks: { min: 3, max: 4 }, schedule }) },
        }),
        "lof-test-fargate",
      );
    expect(names([])).toContain("api-missing-tasks");
    expect(names([{ ...night, min: 1, max: 1 }, morning])).toContain("api-missing-tasks");
    expect(names([night, morning])).not.toContain("api-missing-tasks");
  });
});

describe("the goal of a profile", () => {
  const threshold = (ingress: ProfileInput["ingress"], id: string) => {
    const template = synthProfile({ ...fargateProfile, ingress, goal: { p95Ms: 750, errorPercent: 0.5 } });
    return alarms(template).find(({ body }) => body.alarm_name === `lof-test-fargate-${id}`)!.body
      .threshold as number;
  };

  it.each([
    ["HTTP API, in milliseconds", apiGateway(), 750],
    ["REST API, in milliseconds", apiGateway({ protocol: "rest" }), 750],
    ["load balancer, in seconds", alb(), 0.75],
  ])("is the threshold of its alarms: %s", (_door, ingress, p95) => {
    expect(threshold(ingress, "slow-requests")).toBe(p95);
    expect(threshold(ingress, "error-share")).toBe(0.5);
  });
});

describe("a goal that Terraform knows only later", () => {
  it("is what the alarms and the dashboard wait for", () => {
    const later = (name: string) => Token.asNumber(`\${local.${name}}`);
    const template = synthProfile({
      ...fargateProfile,
      goal: { p95Ms: later("p95"), errorPercent: later("errors") },
      services: { api: fargate({ tasks: { min: later("tasks"), max: later("tasks") } }) },
    });
    const thresholds = Object.fromEntries(
      alarms(template).map(({ body }) => [body.alarm_name as string, body.threshold as unknown]),
    );
    expect(thresholds).toMatchObject({
      "lof-test-fargate-error-share": "${local.errors}",
      "lof-test-fargate-slow-requests": "${(${local.p95} / 1000)}",
      "lof-test-fargate-api-missing-tasks": "${local.tasks}",
    });
    const body = template.only("aws_cloudwatch_dashboard").body.dashboard_body as string;
    expect(body).toContain('{"label":"goal of p95","value":${local.p95}}');
  });
});

describe("an alarm", () => {
  it("says what it means and where its page is", () => {
    const described = (overrides = {}) =>
      alarms(synthProfile(fromCatalog("fargate-prod"), overrides)).map(
        ({ body }) => [body.alarm_name, body.alarm_description] as [string, string],
      );
    for (const [name, description] of described()) {
      const [, page] = /\. Runbook: docs\/runbooks\/([a-z-]+)\.md$/.exec(description)!;
      expect([name, name.endsWith(`-${page}`)]).toEqual([name, true]);
      expect(description.length).toBeLessThanOrEqual(1024);
    }
    const [[, elsewhere]] = described({ runbookUrl: "https://wiki.example.com/runbooks/" }) as [
      [string, string],
    ];
    expect(elsewhere).toMatch(/Runbook: https:\/\/wiki\.example\.com\/runbooks\/[a-z-]+\.md$/);
  });

  it("tells a topic when it goes off and when it is over, where there is one", () => {
    const alarmTopicArn = "arn:aws:sns:us-east-1:123456789012:alarms";
    for (const { body } of alarms(synthProfile(lambdaProfile, { alarmTopicArn }))) {
      expect([body.alarm_actions, body.ok_actions]).toEqual([[alarmTopicArn], [alarmTopicArn]]);
    }
    for (const { body } of alarms(synthProfile(lambdaProfile))) expect(body.alarm_actions).toBeUndefined();
  });

  it("counts a percentile of few requests, too", () => {
    const [slow] = alarms(synthProfile(lambdaProfile)).filter(
      ({ body }) => body.extended_statistic !== undefined,
    );
    expect(slow!.body).toMatchObject({
      extended_statistic: "p95",
      evaluate_low_sample_count_percentiles: "evaluate",
    });
  });

  it("on API Gateway rolls all its services back together", () => {
    const template = synthProfile({
      ...lambdaProfile,
      rollbackAtErrorPercent: 5,
      monitoring: "off",
      services: { one: fargate({}), two: fargate({}) },
      routes: [
        { path: "/two", to: "two" },
        { path: "/*", to: "one" },
      ],
    });
    const name = ref(template.only("aws_cloudwatch_metric_alarm"), "alarm_name");
    expect(
      template.resources("aws_ecs_service").map(({ body }) => body.alarms.alarm_names as string[]),
    ).toEqual([[name], [name]]);
  });
});

describe("a metric made from logs", () => {
  it("is made only for what no metric exists, from the lines of the service's format", () => {
    const template = synthProfile(everything);
    const filters = template.resources("aws_cloudwatch_log_metric_filter").map(({ body }) => {
      const { name, namespace } = body.metric_transformation as { name: string; namespace: string };
      return [`${namespace} ${name}`, body.pattern as string];
    });
    const error = '{ $.level = "error" || $.level = "critical" }';
    expect(filters.sort()).toEqual([
      [
        "LambdaOrFargate/lof-test-lambda-fn InitTimeouts",
        '{ $.type = "platform.initReport" && $.record.phase = "init" && $.record.status = "timeout" }',
      ],
      ["LambdaOrFargate/lof-test-lambda-fn LogErrors", error],
      ["LambdaOrFargate/lof-test-lambda-snap InitTimeouts", '"INIT_REPORT" "Phase: init" "Status: timeout"'],
      ["LambdaOrFargate/lof-test-lambda-snap LogErrors", error],
      ["LambdaOrFargate/lof-test-lambda-tasks LogErrors", error],
    ]);
  });
});

describe("saved queries", () => {
  it("stand in a folder of the profile, for the services that they can read", () => {
    const template = synthProfile(everything);
    const group = (service: string) =>
      ref(
        template
          .resources("aws_cloudwatch_log_group")
          .find(({ name }) => name.startsWith(`services_${service}_`))!,
        "name",
      );
    const definitions = Object.fromEntries(
      template
        .resources("aws_cloudwatch_query_definition")
        .map(({ body }) => [body.name as string, body.log_group_names as string[]]),
    );
    expect(definitions).toMatchObject({
      "lof-test-lambda/cold-starts-by-version-text": [group("snap")],
      "lof-test-lambda/cold-starts-by-version-json": [group("fn")],
      "lof-test-lambda/restore-times": [group("snap")],
      "lof-test-lambda/keep-warm": [group("snap")],
      "lof-test-lambda/slowest-requests": [group("fn"), group("snap"), group("tasks")],
    });
    const [cold] = template
      .resources("aws_cloudwatch_query_definition")
      .filter(({ body }) => body.name === "lof-test-lambda/cold-starts-by-version-json");
    expect(cold!.body.query_string).toContain("record.metrics.initDurationMs");
  });

  it("of functions are not there for tasks", () => {
    expect(queryNames(synthProfile(fargateProfile)).sort()).toEqual([
      "server-errors",
      "server-starts",
      "slowest-requests",
    ]);
  });
});

describe("the cost of the monitoring", () => {
  const idle = parseWorkload({ name: "idle", requestsPerMonth: 0, service: { ms: 100 } }, "test");
  const usd = (profile: ProfileInput, context: Record<string, unknown> = {}) => {
    const [found] = resourcesOfProfiles([parseProfile(profile)], parseSettings({ env: {}, context }));
    const { lines } = estimateCost(found!.model, idle, { freeTier: false });
    const of = (...names: string[]) =>
      lines
        .filter(({ component }) => names.includes(component))
        .reduce((sum, { amount }) => sum + amount.typical, 0);
    return [of("Alarms"), of("Metrics"), of("Dashboards")].map((amount) => Number(amount.toFixed(2)));
  };

  it("is in the estimate: alarms by metric, metrics from logs, the dashboard", () => {
    // us-east-1, 2026-08: $0.10 a metric of an alarm, $0.30 a metric for the tenth of the hours in which it has data, $3 a dashboard.
    // Behind an HTTP API: error share 2 metrics, slow requests, throttles, log errors and init timeouts 1 each
    expect(usd(lambdaProfile)).toEqual([0.6, 0.06, 3]);
    expect(usd({ ...lambdaProfile, monitoring: "basic" })).toEqual([0.3, 0, 0]);
    expect(usd({ ...lambdaProfile, monitoring: "off" })).toEqual([0, 0, 0]);
    // Behind a load balancer: error share 4; slow requests, refused connections, missing tasks, unhealthy targets, log errors
    expect(usd(fargateProfile)).toEqual([0.9, 0.03, 3]);
  });

  it("counts an alarm on what is unusual as three", () => {
    expect(usd(lambdaProfile, { anomalyDetection: true })).toEqual([1.2, 0.06, 3]);
  });
});
