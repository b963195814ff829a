import { partitionOf } from "../modules/iam";
import type { Profile } from "../profiles/schema";
import type { Part } from "./deployer-permissions";
import { beside } from "./deployer-permissions";
import type { Deployment } from "./deployer-policy";
import { longestPolicy, partsOf, readStatementsOf, statementsOf } from "./deployer-policy";
import type { Settings } from "./settings";

/** A statement of IAM with every field that these policies use. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

/** What a plan asks of AWS: it reads the state and every resource in it. */
export function planStatements(
  profiles: readonly Profile[],
  settings: Settings,
  bucket: string,
): Statement[] {
  const state = stateArns(settings, bucket);
  return [
    ...readStatementsOf(partsToDeploy(profiles, settings), deploymentOf(settings)),
    { Effect: "Allow", Action: ["s3:ListBucket"], Resource: state.bucket },
    { Effect: "Allow", Action: ["s3:GetObject"], Resource: state.states },
    // Without it Lambda leaves the variables out of its answers, and a plan would set them anew.
    ...ofKey(settings, ["kms:Decrypt", "kms:DescribeKey"]),
  ];
}

/** What an apply asks of AWS. Former states can't be removed, nor what keeps them. */
export function deployStatements(
  profiles: readonly Profile[],
  settings: Settings,
  bucket: string,
): Statement[] {
  const state = stateArns(settings, bucket);
  return [
    ...statementsOf(partsToDeploy(profiles, settings), deploymentOf(settings)),
    { Effect: "Allow", Action: ["s3:ListBucket"], Resource: state.bucket },
    { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: [state.states, state.locks] },
    { Effect: "Allow", Action: ["s3:DeleteObject"], Resource: state.locks },
    {
      Effect: "Deny",
      Action: [
        ...["s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:DeleteObject", "s3:DeleteObjectVersion"],
        ...["s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:PutBucketVersioning"],
        ...["s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration"],
      ],
      Resource: [state.bucket, `${state.bucket}/*.tfstate`],
    },
    ...ofKey(settings, beside.kms ?? []),
  ];
}

/** Policy documents that hold the statements, each short enough for a managed policy. */
export function packed(statements: readonly Statement[]) {
  const documents: Statement[][] = [[]];
  const document = (list: readonly Statement[]) => ({ Version: "2012-10-17", Statement: list });
  const add = (statement: Statement) => {
    const last = documents.at(-1)!;
    if (JSON.stringify(document([...last, statement])).length <= longestPolicy) {
      last.push(statement);
    } else if (statement.Action.length > 1 && last.length === 0) {
      const half = Math.ceil(statement.Action.length / 2);
      add({ ...statement, Action: statement.Action.slice(0, half) });
      add({ ...statement, Action: statement.Action.slice(half) });
    } else {
      documents.push([]);
      add(statement);
    }
  };
  statements.forEach(add);
  return documents.map(document);
}

function partsToDeploy(profiles: readonly Profile[], { dns, budget, vpc }: Settings): Part[] {
  const ofSettings: Partial<Record<Part, unknown>> = { domain: dns, budget, network: vpc };
  return [
    ...new Set([
      ...profiles.flatMap(partsOf),
      ...(Object.keys(ofSettings) as Part[]).filter((part) => ofSettings[part] !== undefined),
    ]),
  ];
}

const deploymentOf = ({ region, name }: Settings): Deployment => ({
  partition: partitionOf(region),
  account: "*",
  name,
});

/** Every state of this name, in each region. */
function stateArns({ region, name }: Settings, bucket: string) {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  return { bucket: arn, states: `${arn}/${name}/*.tfstate`, locks: `${arn}/${name}/*.tfstate.tflock` };
}

function ofKey({ kmsKeyArn }: Settings, actions: readonly string[]): Statement[] {
  return kmsKeyArn === undefined ? [] : [{ Effect: "Allow", Action: actions, Resource: kmsKeyArn }];
}
