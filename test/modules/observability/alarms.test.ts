import { alarmIds } from "../../../modules/observability/alarm";
import type { AlarmId } from "../../../modules/observability/alarm";
import type { ProfileInput } from "../../../profiles/schema";
import { alb, apiGateway, fargate, lambda } from "../../../profiles/schema";
import type { Band, Minutes } from "../../support/alarm-evaluation";
import { statesOf } from "../../support/alarm-evaluation";
import { fargateProfile, lambdaProfile } from "../../support/profiles";
import { synthProfiles } from "../../support/synth";
import type { Body, Template } from "../../support/template";

/** One profile a front door and runtime; the goal is 95 of 100 requests in 2,000 ms, and 1 % failed. */
const profiles = {
  http: {
    ...lambdaProfile,
    name: "http",
    services: { api: lambda({ provisionedConcurrency: { min: 1, max: 5 }, logFormat: "json" }) },
  },
  "http-steps": {
    ...lambdaProfile,
    name: "http-steps",
    rollbackAtErrorPercent: 5,
    services: { api: lambda({ rollout: { type: "linear" } }) },
  },
  rest: { ...fargateProfile, name: "rest", ingress: apiGateway({ protocol: "rest" }) },
  alb: {
    ...fargateProfile,
    name: "alb",
    rollbackAtErrorPercent: 5,
    services: { api: fargate({ tasks: { min: 2, max: 4 } }) },
  },
  "alb-lambda": { ...lambdaProfile, name: "alb-lambda", ingress: alb() },
} satisfies Record<string, ProfileInput>;

let templates: ReadonlyMap<string, Template>;
beforeAll(() => {
  templates = synthProfiles(Object.values(profiles), { anomalyDetection: true }).templates;
});

/** The same in every minute; metrics send nothing where nothing happens. */
const every = (minutes: number, ...samples: number[]): Minutes =>
  Array.from({ length: minutes }, () => samples);
const nothing = (minutes: number) => every(minutes);
/** Once in five minutes. */
const inFive = (minutes: number, sample: number): Minutes =>
  Array.from({ length: minutes }, (_, i) => (i % 5 === 0 ? [sample] : []));
/** 100 requests in a minute, of which some take longer. */
const times = (usual: number, slow: number, slowOnes: number) => [
  ...Array.from({ length: 100 - slowOnes }, () => usual),
  ...Array.from({ length: slowOnes }, () => slow),
];

interface Case {
  readonly id: AlarmId;
  readonly profile: keyof typeof profiles;
  /** What each series means. */
  readonly why: readonly [fires: string, stays: string];
  readonly fires: Readonly<Record<string, Minutes>>;
  readonly stays: Readonly<Record<string, Minutes>>;
  readonly band?: Band;
}

/** Half an hour fills the range of every alarm. */
const half = 30;
const cases: readonly Case[] = [
  {
    id: "error-share",
    profile: "http",
    why: ["2 of 100 a minute fail", "1 of 100 fails, which the goal allows"],
    fires: { Count: every(half, 100), "5xx": every(half, 2) },
    stays: { Count: every(half, 100), "5xx": every(half, 1) },
  },
  {
    id: "error-share",
    profile: "http",
    why: ["3 of 3 fail in 5 minutes", "2 of 2 fail in 5 minutes: too few to say"],
    fires: { Count: [...nothing(15), ...inFive(15, 3)], "5xx": [...nothing(15), ...inFive(15, 3)] },
    stays: { Count: inFive(half, 2), "5xx": inFive(half, 2) },
  },
  {
    id: "error-share",
    profile: "rest",
    why: ["2 of 100 a minute fail", "nobody asks"],
    fires: { Count: every(half, 100), "5XXError": every(half, 2) },
    stays: { Count: nothing(half), "5XXError": nothing(half) },
  },
  {
    id: "error-share",
    profile: "alb",
    why: ["no target is there: every request gets 503 and none is counted", "5 minutes of it alone"],
    fires: {
      RequestCount: nothing(half),
      HTTPCode_ELB_503_Count: every(half, 10),
      HTTPCode_ELB_5XX_Count: every(half, 10),
    },
    stays: {
      RequestCount: [...nothing(5), ...every(25, 10)],
      HTTPCode_ELB_503_Count: [...every(5, 10), ...nothing(25)],
      HTTPCode_ELB_5XX_Count: [...every(5, 10), ...nothing(25)],
    },
  },
  {
    id: "error-share",
    profile: "alb-lambda",
    why: ["a function breaks on 2 of 100, for which the load balancer answers 502", "it answers 404"],
    fires: { RequestCount: every(half, 100), HTTPCode_ELB_5XX_Count: every(half, 2) },
    stays: { RequestCount: every(half, 100), HTTPCode_Target_4XX_Count: every(half, 50) },
  },
  {
    id: "rollback-errors",
    profile: "http-steps",
    why: ["6 of 100 fail for three minutes", "5 of 100 fail, which is not more than 5 %"],
    fires: { Count: every(half, 100), "5xx": [...nothing(27), ...every(3, 6)] },
    stays: { Count: every(half, 100), "5xx": every(half, 5) },
  },
  {
    id: "rollback-errors",
    profile: "http-steps",
    why: ["half fail, and the latest minute is not sent yet", "only one minute of it"],
    fires: { Count: [...every(29, 100), []], "5xx": [...every(29, 50), []] },
    stays: { Count: [...every(29, 100), []], "5xx": [...nothing(28), [50], []] },
  },
  {
    id: "error-share",
    profile: "http",
    why: ["half fail, and the latest 5 minutes are not sent yet", "only 5 minutes of it"],
    fires: { Count: [...every(25, 100), ...nothing(5)], "5xx": [...every(25, 50), ...nothing(5)] },
    stays: {
      Count: [...every(25, 100), ...nothing(5)],
      "5xx": [...nothing(20), ...every(5, 50), ...nothing(5)],
    },
  },
  {
    id: "rollback-errors",
    profile: "alb",
    why: [
      "the only request of two minutes fails",
      "the load balancer's own errors, which no version is to blame for",
    ],
    fires: { RequestCount: every(half, 1), HTTPCode_Target_5XX_Count: [...nothing(28), ...every(2, 1)] },
    stays: { RequestCount: every(half, 100), HTTPCode_ELB_5XX_Count: every(half, 50) },
  },
  {
    id: "slow-requests",
    profile: "http",
    why: ["6 of 100 take 2,001 ms", "5 of 100 take 20 s, and the 95th 1,999 ms"],
    fires: { Latency: every(half, ...times(300, 2001, 6)) },
    stays: { Latency: every(half, ...times(1999, 20_000, 5)) },
  },
  {
    id: "slow-requests",
    profile: "rest",
    why: ["all take 3,000 ms", "all take 2,000 ms, and then nobody asks"],
    fires: { Latency: every(half, 3000) },
    stays: { Latency: [...every(15, 2000), ...nothing(15)] },
  },
  {
    id: "slow-requests",
    profile: "alb",
    why: ["6 of 100 take 2.5 s, in seconds", "all take 1.9 s, in seconds"],
    fires: { TargetResponseTime: every(half, ...times(0.3, 2.5, 6)) },
    stays: { TargetResponseTime: every(half, 1.9) },
  },
  {
    id: "slow-requests",
    profile: "alb-lambda",
    why: ["a quarter of an hour of cold starts", "ten minutes of them"],
    fires: { TargetResponseTime: [...every(15, 0.2), ...every(15, 0.2, 12)] },
    stays: { TargetResponseTime: [...every(15, 0.2), ...every(10, 0.2, 12), ...every(5, 0.2)] },
  },
  {
    id: "rejected-connections",
    profile: "alb",
    why: ["one connection is refused", "none is, and the metric sends nothing"],
    fires: { RejectedConnectionCount: [...nothing(29), [1]] },
    stays: { RejectedConnectionCount: nothing(half) },
  },
  {
    id: "throttles",
    profile: "http",
    why: ["requests are turned away in two of five minutes", "in one minute of half an hour"],
    fires: { Throttles: [...every(25, 0), [3], [0], [1], [0], [0]] },
    stays: { Throttles: [...every(14, 0), [3], ...every(15, 0)] },
  },
  {
    id: "provisioned-spill",
    profile: "http",
    why: ["10 minutes with one request each that finds no ready environment", "a burst of one minute"],
    fires: { ProvisionedConcurrencySpilloverInvocations: [...nothing(20), ...every(10, 1)] },
    stays: { ProvisionedConcurrencySpilloverInvocations: [...nothing(20), [40], ...nothing(9)] },
  },
  {
    id: "provisioned-use",
    profile: "http",
    why: ["ten minutes at 95 %, as a share of 1", "at 90 %, and once at 100 %"],
    fires: { ProvisionedConcurrencyUtilization: every(half, 0.2, 0.95) },
    stays: { ProvisionedConcurrencyUtilization: [...every(15, 0.9), [1], ...every(14, 0.9)] },
  },
  {
    id: "init-timeouts",
    profile: "http",
    why: ["one start was cut off", "no line matches, so that there is no metric"],
    fires: { InitTimeouts: [...nothing(27), [1], [], []] },
    stays: { InitTimeouts: nothing(half) },
  },
  {
    id: "log-errors",
    profile: "alb",
    why: ["6 errors in 5 minutes", "5 errors in every 5 minutes"],
    fires: { LogErrors: [...nothing(25), [1, 1, 1], [], [1], [1], [1]] },
    stays: { LogErrors: every(half, 1) },
  },
  {
    id: "missing-tasks",
    profile: "alb",
    why: ["1 of 2 tasks runs, and sends one sample a minute", "2 run, whatever their CPU does"],
    fires: { CPUUtilization: [...every(20, 50, 60), ...every(10, 50)] },
    stays: { CPUUtilization: every(half, 0, 0.1) },
  },
  {
    id: "missing-tasks",
    profile: "alb",
    why: ["no task runs any more, so that nothing is sent", "both are gone for three minutes"],
    fires: { CPUUtilization: [...every(20, 50, 60), ...nothing(10)] },
    stays: { CPUUtilization: [...every(20, 50, 60), ...nothing(3), ...every(7, 50, 60)] },
  },
  {
    id: "unhealthy-targets",
    profile: "alb",
    why: ["one of two load balancer nodes sees one unhealthy for five minutes", "a new task starts for four"],
    fires: { UnHealthyHostCount: [...every(25, 0, 0), ...every(5, 0, 1)] },
    stays: { UnHealthyHostCount: [...every(15, 0, 0), ...every(4, 1, 1), ...every(11, 0, 0)] },
  },
  {
    id: "unhealthy-targets",
    profile: "rest",
    why: ["a task behind the internal load balancer is unhealthy", "there is no target"],
    fires: { UnHealthyHostCount: every(half, 1) },
    stays: { UnHealthyHostCount: nothing(half) },
  },
  {
    id: "unusual-traffic",
    profile: "http",
    why: ["a quarter of an hour of 100 requests in 5 minutes, where 200 to 400 are usual", "300 of them"],
    fires: { Count: [...every(15, 60), ...every(15, 20)] },
    stays: { Count: every(half, 60) },
    band: [200, 400],
  },
  {
    id: "unusual-latency",
    profile: "alb",
    why: ["p95 of 1.5 s, where up to 1.2 s is usual", "faster than ever"],
    fires: { TargetResponseTime: every(half, 1.5) },
    stays: { TargetResponseTime: every(half, 0.01) },
    band: [0.5, 1.2],
  },
];

const alarmOf = (profile: string, id: AlarmId): Body => {
  const found = templates
    .get(profile)!
    .resources("aws_cloudwatch_metric_alarm")
    .filter(({ body }) => String(body.alarm_name).endsWith(`-${id}`));
  expect([profile, id, found.length]).toEqual([profile, id, 1]);
  return found[0]!.body;
};

describe("every alarm", () => {
  it("has a series that sets it off and one that does not", () => {
    expect([...new Set(cases.map(({ id }) => id))].sort()).toEqual([...alarmIds]);
  });

  it.each(cases.map((c) => [c.id, c.profile, ...c.why, c] as const))(
    "%s (%s) goes off: %s; stays quiet: %s",
    (id, profile, _fires, _stays, { fires, stays, band }) => {
      const alarm = alarmOf(profile, id);
      // Whatever FILL makes of a metric that has never sent anything, like 5xx of a load balancer that has answered none.
      for (const fillsNothing of [true, false]) {
        expect(statesOf(alarm, fires, band, fillsNothing).at(-1)).toBe("ALARM");
        expect(statesOf(alarm, stays, band, fillsNothing)).not.toContain("ALARM");
      }
    },
  );

  it("reads metrics that a series names", () => {
    // Otherwise a metric with a wrong name would be one that sends nothing, and stay quiet for ever.
    for (const { id, profile, fires } of cases) {
      const alarm = alarmOf(profile, id);
      const queries = (alarm.metric_query ?? []) as Body[];
      const read = [alarm.metric_name, ...queries.map(({ metric }) => metric?.metric_name)];
      for (const name of Object.keys(fires)) expect([id, read.includes(name)]).toEqual([id, true]);
    }
  });
});
