import { alb, apiGateway, fargate } from "../../profiles/schema";
import { fargateProfile } from "../support/profiles";
import { synthProfile } from "../support/synth";
import type { Template } from "../support/template";
import { ref, references } from "../support/template";

type Options = Parameters<typeof fargate>[0];
const scaled = (options: Options, ingress = alb()): Template =>
  synthProfile({ ...fargateProfile, ingress, services: { api: fargate(options) } });
const night = { name: "night", cron: "cron(0 20 ? * MON-FRI *)", min: 0, max: 0 };
const morning = {
  name: "morning",
  cron: "cron(0 7 ? * MON-FRI *)",
  timezone: "Europe/Berlin",
  min: 2,
  max: 5,
};

/** Metric and value by the name of the policy. */
const policiesOf = (template: Template) =>
  Object.fromEntries(
    template.resources("aws_appautoscaling_policy").map(({ body }) => {
      const tracking = body.target_tracking_scaling_policy_configuration;
      return [
        body.name as string,
        [tracking.predefined_metric_specification.predefined_metric_type, tracking.target_value] as unknown[],
      ];
    }),
  );

describe("scaling of tasks", () => {
  it("aims at 60 % CPU unless told otherwise", () => {
    expect(policiesOf(scaled({ tasks: { min: 1, max: 2 } }))).toEqual({
      cpu: ["ECSServiceAverageCPUUtilization", 60],
    });
  });

  it("aims at CPU, memory and requests together, each out fast and in slowly", () => {
    const template = scaled({
      tasks: { min: 1, max: 9 },
      scaling: { cpuPercent: 50, memoryPercent: 75, requestsPerMinute: 300 },
    });
    expect(policiesOf(template)).toEqual({
      cpu: ["ECSServiceAverageCPUUtilization", 50],
      memory: ["ECSServiceAverageMemoryUtilization", 75],
      requests: ["ALBRequestCountPerTarget", 300],
    });
    for (const { body } of template.resources("aws_appautoscaling_policy")) {
      expect(body.policy_type).toBe("TargetTrackingScaling");
      expect(body.target_tracking_scaling_policy_configuration).toMatchObject({
        scale_out_cooldown: 60,
        scale_in_cooldown: 300,
      });
    }
  });

  it("counts the requests of the target group behind the load balancer", () => {
    const template = scaled({ tasks: { min: 1, max: 9 }, scaling: { requestsPerMinute: 300 } });
    const labels = template
      .resources("aws_appautoscaling_policy")
      .map(
        ({ body }) =>
          body.target_tracking_scaling_policy_configuration.predefined_metric_specification
            .resource_label as unknown,
      );
    const [lb, group] = [template.only("aws_lb"), template.only("aws_lb_target_group")];
    expect(labels.filter((label) => label !== undefined)).toEqual([
      `${ref(lb, "arn_suffix")}/${ref(group, "arn_suffix")}`,
    ]);
  });

  it("acts by the clock, with the bounds and the time zone of each action", () => {
    const template = scaled({ tasks: { min: 2, max: 5 }, schedule: [night, morning] });
    const target = template.only("aws_appautoscaling_target");
    const actions = template.resources("aws_appautoscaling_scheduled_action").map(({ body }) => body);
    expect(actions).toHaveLength(2);
    expect(actions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: "night",
          schedule: "cron(0 20 ? * MON-FRI *)",
          timezone: "UTC",
          scalable_target_action: { min_capacity: "0", max_capacity: "0" },
        }),
        expect.objectContaining({
          name: "morning",
          schedule: "cron(0 7 ? * MON-FRI *)",
          timezone: "Europe/Berlin",
          scalable_target_action: { min_capacity: "2", max_capacity: "5" },
        }),
      ]),
    );
    for (const action of actions) expect(action.resource_id).toBe(ref(target, "resource_id"));
  });

  it.each<[string, Options, boolean, string[]]>([
    ["one number of tasks", { tasks: { min: 2, max: 2 } }, false, []],
    ["a range", { tasks: { min: 1, max: 2 } }, true, ["cpu"]],
    ["a schedule with room in it", { tasks: { min: 1, max: 1 }, schedule: [night, morning] }, true, ["cpu"]],
    [
      "a schedule without room: no metric has anything to say",
      { tasks: { min: 1, max: 1 }, schedule: [night, { ...morning, max: 2 }] },
      true,
      [],
    ],
    ["none to begin with", { tasks: { min: 0, max: 0 }, schedule: [night, morning] }, true, ["cpu"]],
  ])("with %s", (_what, options, hasTarget, policies) => {
    const template = scaled(options);
    const targets = template.resources("aws_appautoscaling_target");
    expect(targets).toHaveLength(hasTarget ? 1 : 0);
    expect(Object.keys(policiesOf(template))).toEqual(policies);
    expect(template.only("aws_ecs_service").body.desired_count).toBe(options.tasks!.min);
  });

  it("of each of two services is its own", () => {
    const tasks = { min: 1, max: 3 };
    const template = synthProfile({
      ...fargateProfile,
      ingress: apiGateway(),
      services: { one: fargate({ tasks }), two: fargate({ tasks }) },
      routes: [
        { path: "/one", to: "one" },
        { path: "/*", to: "two" },
      ],
    });
    const scaledServices = template
      .resources("aws_appautoscaling_target")
      .map(
        ({ body }) =>
          references(body.resource_id).find((r) => r.address.startsWith("aws_ecs_service"))!.address,
      );
    expect(new Set(scaledServices).size).toBe(2);
  });
});
