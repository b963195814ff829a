import { setTimeout as wait } from "node:timers/promises";
import type { Command } from "commander";
import { runCommand } from "../local/run-command";
import { note } from "../local/tools/context";
import { InputError, UserError } from "../profiles/errors";

/** What moves an alias, as Terraform passes it. */
export interface RolloutTarget {
  readonly application: string;
  readonly group: string;
  readonly functionName: string;
  readonly alias: string;
  /** Version that the alias shall point at in the end. */
  readonly version: string;
}

/** The few calls to AWS that a rollout needs; the tests put a CodeDeploy of their own here. */
export interface RolloutApi {
  /** Version that an alias points at. */
  versionOf(functionName: string, alias: string): Promise<string>;
  /** @returns id of the deployment */
  start(target: RolloutTarget, currentVersion: string): Promise<string>;
  state(deploymentId: string): Promise<{ readonly status: string; readonly reason?: string }>;
}

/**
 * Moves an alias to a version by CodeDeploy, in the steps of its deployment group, and waits until it is there.
 *
 * @throws UserError when CodeDeploy stops or fails it; the alias is back at its former version then
 */
export async function rollOut(api: RolloutApi, target: RolloutTarget, pollMs = 10_000): Promise<void> {
  const current = await api.versionOf(target.functionName, target.alias);
  if (current === target.version) {
    note(`${target.functionName}:${target.alias} is at version ${current} already`);
    return;
  }
  const id = await api.start(target, current);
  note(
    `Deployment ${id}: ${target.functionName}:${target.alias} moves from version ${current} to ${target.version}`,
  );
  for (let last = ""; ; await wait(pollMs)) {
    const { status, reason } = await api.state(id);
    if (status !== last) note(`Deployment ${id}: ${status}`);
    last = status;
    if (status === "Succeeded") return;
    if (status === "Failed" || status === "Stopped") {
      throw new UserError(
        `deployment ${id} of ${target.functionName} ${status.toLowerCase()}, and traffic stays at version ${current}: ${reason ?? "no reason given"}`,
      );
    }
  }
}

/** Loaded when it is needed: the SDK takes longer to load than most commands run. */
async function awsApi(region: string): Promise<RolloutApi> {
  const [deploy, lambda] = await Promise.all([
    import("@aws-sdk/client-codedeploy"),
    import("@aws-sdk/client-lambda"),
  ]);
  const codeDeploy = new deploy.CodeDeployClient({ region });
  const functions = new lambda.LambdaClient({ region });
  return {
    async versionOf(FunctionName, Name) {
      const { FunctionVersion } = await functions.send(new lambda.GetAliasCommand({ FunctionName, Name }));
      return FunctionVersion!;
    },
    async start(target, currentVersion) {
      const content = JSON.stringify(appSpec(target, currentVersion));
      const { deploymentId } = await codeDeploy.send(
        new deploy.CreateDeploymentCommand({
          applicationName: target.application,
          deploymentGroupName: target.group,
          revision: { revisionType: "AppSpecContent", appSpecContent: { content } },
        }),
      );
      return deploymentId!;
    },
    async state(deploymentId) {
      const { deploymentInfo } = await codeDeploy.send(new deploy.GetDeploymentCommand({ deploymentId }));
      return { status: deploymentInfo!.status!, reason: deploymentInfo!.errorInformation?.message };
    },
  };
}

/** What CodeDeploy is told. Source: docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html, 2026-11 */
export function appSpec({ functionName, alias, version }: RolloutTarget, currentVersion: string) {
  return {
    version: 0.0,
    Resources: [
      {
        [functionName]: {
          Type: "AWS::Lambda::Function",
          Properties: {
            Name: functionName,
            Alias: alias,
            CurrentVersion: currentVersion,
            TargetVersion: version,
          },
        },
      },
    ],
  };
}

export function addRolloutCommand(program: Command): void {
  program
    .command("rollout")
    .description("move a function's alias to a version in steps, by CodeDeploy; `cdktf deploy` runs it")
    .requiredOption("--region <region>", "AWS region (required)")
    .argument("<application>", "CodeDeploy application")
    .argument("<group>", "its deployment group")
    .argument("<function>", "name of the function")
    .argument("<alias>", "alias to move")
    .argument("<version>", "version to move it to")
    .action(
      (
        application: string,
        group: string,
        functionName: string,
        alias: string,
        version: string,
        { region }: { region: string },
      ) =>
        runCommand(async () => {
          if (!/^\d+$/.test(version)) {
            throw new InputError([
              `argument version = "${version}": must be the number of a published version`,
            ]);
          }
          await rollOut(await awsApi(region), { application, group, functionName, alias, version });
        }),
    );
}
