import type { FargateService } from "../../profiles/schema";
import { stopTimeoutSeconds } from "../../profiles/limits";
import { orIfToken } from "../../profiles/token";
import type { ContainerSpec } from "./container-runtime";
import { sortedVariables } from "./container-runtime";

/** Name of the container that answers requests. */
export const containerName = "app";

/** Where a container's output goes. */
export interface LogTarget {
  readonly groupName: string;
  readonly region: string;
}

/** The part of a task that is our image, as ECS takes it; without empty fields, which ECS would give back as others. */
export function appDefinition(
  container: ContainerSpec,
  service: FargateService,
  logs: LogTarget,
  /** Variables that come with a collector, and the container to wait for. @default - no collector */
  collector?: { readonly name: string; readonly environment: Readonly<Record<string, string>> },
) {
  const environment = { ...container.environment, ...collector?.environment };
  const secrets = sortedVariables(container.secrets);
  const probe = `import urllib.request as u; u.urlopen('http://127.0.0.1:${container.port}${container.readinessPath}', timeout=4)`;
  return {
    name: containerName,
    image: container.image,
    essential: true,
    // A shell in the container needs its agent, which writes to the root file system.
    // Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html, 2026-11
    readonlyRootFilesystem: !service.executeCommand,
    mountPoints: [{ sourceVolume: "tmp", containerPath: "/tmp" }],
    portMappings: [{ containerPort: container.port, hostPort: container.port, protocol: "tcp" }],
    environment: sortedVariables(environment).map(([name, value]) => ({ name, value })),
    ...(secrets.length > 0 ? { secrets: secrets.map(([name, valueFrom]) => ({ name, valueFrom })) } : {}),
    // The one that is waited for stops later: the last traces get out.
    ...(collector ? { dependsOn: [{ containerName: collector.name, condition: "START" }] } : {}),
    // Python is in the image, curl is not.
    healthCheck: {
      command: ["CMD", "python3", "-c", probe],
      interval: 30,
      timeout: 5,
      retries: 3,
      // Failures count only after this time; ECS takes at most 300 s.
      startPeriod: Math.min(300, graceSeconds(container.startupSeconds, service.cpu)),
    },
    stopTimeout: stopTimeoutSeconds(service),
    linuxParameters: { initProcessEnabled: true },
    logConfiguration: logConfiguration(logs, containerName),
  };
}

/** Output into the log group, each container with its own streams. */
export function logConfiguration({ groupName, region }: LogTarget, streamPrefix: string) {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": groupName,
      "awslogs-region": region,
      "awslogs-stream-prefix": streamPrefix,
    },
  };
}

/**
 * Seconds in which a failed health check does not count: twice the start, and a minute at least.
 *
 * @param startupSeconds at one vCPU
 * @param cpu CPU units of the task; with less than one vCPU the start takes longer
 */
export function graceSeconds(startupSeconds: number, cpu: number): number {
  const slower = Math.max(1, 1024 / orIfToken(cpu, 256));
  return Math.max(60, Math.ceil(2 * orIfToken(startupSeconds, 900) * slower));
}
