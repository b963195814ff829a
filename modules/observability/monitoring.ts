import { goesInSteps, servicesOf } from "../../profiles/limits";
import type { Profile } from "../../profiles/schema";
import type { CloudwatchMetricAlarm } from "../aws";
import { CloudwatchDashboard } from "../aws";
import { Construct } from "../cdktf";
import type { Ingress } from "../ingress/ingress";
import type { ContainerRuntime } from "../runtime/container-runtime";
import type { AlarmDefinition } from "./alarm";
import { createAlarm } from "./alarm";
import type { WatchedService } from "./dashboard";
import { dashboardRows } from "./dashboard";
import { dashboardBody } from "./dashboard-widgets";
import { errorShareAlarm, fullDoorAlarms, rollbackAlarm, unusualDoorAlarms } from "./door-alarms";
import { provisionedAlarms, throttleAlarm } from "./function-alarms";
import { logAlarms } from "./log-alarms";
import { SavedQueries } from "./saved-queries";
import { missingTasksAlarm, unhealthyTargetsAlarm } from "./task-alarms";

export interface MonitoringProps {
  readonly name: string;
  readonly region: string;
  readonly profile: Profile;
  /** By the name of the service. */
  readonly runtimes: ReadonlyMap<string, ContainerRuntime>;
  /** With its routes. */
  readonly ingress: Ingress;
  /** SNS topic of the alarms. @default - none */
  readonly alarmTopicArn?: string;
  /** Folder or URL of the runbooks. */
  readonly runbookUrl: string;
  /** Whether there are alarms on what is unusual. */
  readonly anomalyDetection: boolean;
}

/** What watches a profile: alarms on its goal, saved queries, and a dashboard. */
export class Monitoring extends Construct {
  /** Console page of the dashboard. @default - the profile has none */
  readonly dashboardUrl?: string;
  private readonly alarms: CloudwatchMetricAlarm[] = [];
  private readonly services: WatchedService[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: MonitoringProps,
  ) {
    super(scope, id);
    const { name, profile, region, runtimes } = props;
    this.watchDeployments();
    if (profile.monitoring === "off") return;
    new SavedQueries(this, "queries", { name, profile, runtimes });
    this.watchDoor();
    // A scope of their own, so that a service may have any name.
    const services = new Construct(this, "services");
    for (const [service] of servicesOf(profile)) this.watchService(new Construct(services, service));
    if (profile.monitoring === "full") {
      this.createDashboard();
      this.dashboardUrl = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;
    }
  }

  /** An alarm that can stop no deployment would only cost. */
  private watchDeployments(): void {
    const { ingress, profile, runtimes } = this.props;
    const percent = profile.rollbackAtErrorPercent;
    if (percent === undefined) return;
    const scope = new Construct(this, "rollback");
    let ofDoor: CloudwatchMetricAlarm | undefined;
    for (const [id, service] of servicesOf(profile)) {
      if (!goesInSteps(service)) continue;
      const runtime = runtimes.get(id)!;
      const requests = ingress.metricsOf(runtime);
      const alarm =
        requests.countedBy === "door"
          ? (ofDoor ??= this.alarm(scope, rollbackAlarm(percent, requests)))
          : this.alarm(new Construct(scope, id), rollbackAlarm(percent, requests), id);
      runtime.rollBackOn([alarm.alarmName]);
    }
  }

  private watchDoor(): void {
    const { anomalyDetection, ingress, profile } = this.props;
    const scope = new Construct(this, "door");
    const { metrics } = ingress;
    this.alarm(scope, errorShareAlarm(profile, metrics));
    if (profile.monitoring !== "full") return;
    for (const definition of fullDoorAlarms(profile, metrics)) this.alarm(scope, definition);
    if (!anomalyDetection) return;
    for (const definition of unusualDoorAlarms(profile, metrics)) this.alarm(scope, definition);
  }

  private watchService(scope: Construct): void {
    const { ingress, profile, runtimes } = this.props;
    const { id } = scope.node;
    const service = profile.services[id]!;
    const runtime = runtimes.get(id)!;
    const make = (definitions: readonly AlarmDefinition[]) => {
      for (const definition of definitions) this.alarm(scope, definition, id);
    };
    make(service.runtime === "lambda" ? [throttleAlarm(runtime)] : missingTasksAlarm(runtime, service));
    if (profile.monitoring !== "full") return;
    const unhealthyTargets = ingress.unhealthyTargetsOf(runtime);
    if (unhealthyTargets) make([unhealthyTargetsAlarm(unhealthyTargets)]);
    if (service.runtime === "lambda") make(provisionedAlarms(runtime, service));
    const ofLogs = logAlarms(scope, runtime, service);
    make(ofLogs);
    const initTimeouts = ofLogs.find((alarm) => alarm.id === "init-timeouts")?.signal;
    this.services.push({
      id,
      service,
      runtime,
      unhealthyTargets,
      initTimeouts: initTimeouts?.kind === "metric" ? initTimeouts.metric : undefined,
    });
  }

  private alarm(scope: Construct, definition: AlarmDefinition, of?: string): CloudwatchMetricAlarm {
    const { alarmTopicArn, name, runbookUrl } = this.props;
    const created = createAlarm(scope, definition, { name, topicArn: alarmTopicArn, runbookUrl }, of);
    this.alarms.push(created);
    return created;
  }

  private createDashboard(): void {
    const { ingress, name, profile, region, runbookUrl } = this.props;
    const rows = dashboardRows({
      profile,
      region,
      door: ingress.metrics,
      services: this.services,
      alarms: this.alarms,
      runbookUrl,
    });
    new CloudwatchDashboard(this, "dashboard", { dashboardName: name, dashboardBody: dashboardBody(rows) });
  }
}
