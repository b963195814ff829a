import { z } from "zod";

const text = (pattern: RegExp, error: string) => z.string().regex(pattern, { error });
const list = z
  .union([z.array(z.string()), z.string()], { error: "must be a list, or names with commas between them" })
  .transform((v) => (Array.isArray(v) ? v : v.split(",")).map((s) => s.trim()).filter((s) => s !== ""));
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((v) => v === "true")], {
  error: "must be true or false",
});
const amount = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d+(\.\d+)?$/)
        .transform(Number),
    ],
    {
      error: "must be a number above 0, like 50",
    },
  )
  .refine((v) => v > 0, { error: "must be a number above 0, like 50" });
const notWeights = "must be profile=weight pairs with commas between them, with weights from 0 to 255";
const weights = z
  .union(
    [
      z.record(z.string(), z.number()),
      z
        .string()
        .regex(/^[a-z0-9-]+=\d+(,[a-z0-9-]+=\d+)*$/)
        .transform((v) =>
          Object.fromEntries(
            v.split(",").map((pair): [string, number] => {
              const [profile, value] = pair.split("=");
              return [profile!, Number(value)];
            }),
          ),
        ),
    ],
    { error: notWeights },
  )
  .refine((v) => Object.values(v).every((w) => Number.isInteger(w) && w >= 0 && w <= 255), {
    error: notWeights,
  });
const tags = z.union(
  [
    z.record(z.string(), z.string()),
    z
      .string()
      .regex(/^[^=,]+=[^,]*(,[^=,]+=[^,]*)*$/)
      .transform(
        (v) =>
          Object.fromEntries(v.split(",").map((pair) => pair.split(/=(.*)/s, 2))) as Record<string, string>,
      ),
  ],
  { error: "must be key=value pairs with commas between them" },
);

/** One setting: where it comes from, what it is for, what is allowed. The table in docs/settings.md is made from this. */
export interface SettingField {
  /** Environment variables, the first that is set wins; they stand above the context of cdktf.json. */
  readonly env: readonly string[];
  readonly purpose: string;
  readonly default: string;
  readonly schema: z.ZodType;
}

export const settingFields = {
  region: {
    env: ["AWS_REGION", "AWS_DEFAULT_REGION"],
    purpose: "AWS region to deploy to",
    default: "us-east-1",
    schema: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region, like us-east-1"),
  },
  zones: {
    env: ["LOF_ZONES"],
    purpose:
      "availability zones of the own VPC, at least two; an account may lack one, and API Gateway has no VPC links in some (like use1-az3)",
    default: "a and b of the region; a and c in ap-northeast-1 and us-west-1",
    schema: list.refine((v) => v.length >= 2 && new Set(v).size === v.length, {
      error: "must name at least two zones, each once",
    }),
  },
  name: {
    env: ["LOF_NAME"],
    purpose: "first part of every resource's name; another name, another copy of everything",
    default: "lof",
    schema: text(
      /^(?!internal(-|$))(?=.{2,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
      "must be 2 to 20 lower-case letters, digits and single hyphens, not ending with a hyphen, and not begin with internal",
    ),
  },
  image: {
    env: ["LOF_IMAGE"],
    purpose: "the container image: private ECR repository and digest; `image push` stores it in image.json",
    default: "a placeholder that can be planned, not deployed",
    schema: z.string(),
  },
  repository: {
    env: ["LOF_REPOSITORY"],
    purpose: "name of the ECR repository that the stack image-repository makes",
    default: "the name",
    schema: text(
      /^(?=.{2,256}$)[a-z0-9]+([._/-][a-z0-9]+)*$/,
      "must be an ECR repository name, like team/app",
    ),
  },
  certificateArn: {
    env: ["LOF_CERTIFICATE_ARN"],
    purpose:
      "ACM certificate of the front door, in its region: HTTPS under the domain, and HTTP redirects to it",
    default: "none: a load balancer speaks HTTP, API Gateway has the name and certificate of AWS",
    schema: text(
      /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-zA-Z0-9-]+$/,
      "must be the ARN of an ACM certificate",
    ),
  },
  domain: {
    env: ["LOF_DOMAIN"],
    purpose:
      "with certificateArn: the host name that the certificate is for; `{profile}` in it stands for the profile's name, so that each has its own",
    default: "none",
    schema: text(
      /^(?=.{4,253}$)(([a-z0-9]|\{profile\})(([a-z0-9-]|\{profile\})*([a-z0-9]|\{profile\}))?\.)+([a-z]{2,63}|xn--[a-z0-9-]*[a-z0-9])$/,
      "must be a host name, like api.example.com or {profile}.example.com",
    ),
  },
  hostedZoneId: {
    env: ["LOF_HOSTED_ZONE_ID"],
    purpose: "with domain: Route 53 zone that gets a record for it",
    default: "none: point the domain at the front door in your own DNS",
    schema: text(/^Z[A-Z0-9]{5,31}$/, "must be the id of a Route 53 hosted zone, like Z0123456789ABCDEFGHIJ"),
  },
  dnsWeights: {
    env: ["LOF_DNS_WEIGHTS"],
    purpose:
      "with hostedZoneId: profiles that share the domain, with the weight of each, like lambda-alb=90,fargate-prod=10",
    default: "none: the profile has the domain for itself",
    schema: weights,
  },
  vpcId: {
    env: ["LOF_VPC_ID"],
    purpose: "existing VPC for load balancers and tasks",
    default: "none: an own VPC with public subnets in two zones, no NAT",
    schema: text(/^vpc-[0-9a-f]+$/, "must be a VPC id, like vpc-0a1b2c3d"),
  },
  publicSubnetIds: {
    env: ["LOF_PUBLIC_SUBNET_IDS"],
    purpose:
      "with vpcId: subnets of load balancers, in two zones or more; tasks too when there are no private ones",
    default: "none",
    schema: list.refine((v) => v.length >= 2 && v.every((id) => /^subnet-[0-9a-f]+$/.test(id)), {
      error: "must be at least two subnet ids, like subnet-0a1b,subnet-2c3d",
    }),
  },
  privateSubnetIds: {
    env: ["LOF_PRIVATE_SUBNET_IDS"],
    purpose:
      "with vpcId: subnets of tasks, with a way out through NAT or endpoints; tasks then get no public address",
    default: "none: tasks run in the public subnets",
    schema: list.refine((v) => v.length >= 1 && v.every((id) => /^subnet-[0-9a-f]+$/.test(id)), {
      error: "must be subnet ids, like subnet-0a1b,subnet-2c3d",
    }),
  },
  stateBackend: {
    env: ["LOF_STATE_BACKEND"],
    purpose: "where Terraform keeps its state: `local` (files) or `s3` (bucket with lock file)",
    default: "local",
    schema: z.enum(["local", "s3"], { error: "must be local or s3" }),
  },
  stateDirectory: {
    env: ["LOF_STATE_DIRECTORY"],
    purpose: "with stateBackend local: folder of the state files",
    default: "the project folder",
    schema: z.string().min(1),
  },
  stateBucket: {
    env: ["LOF_STATE_BUCKET"],
    purpose: "with stateBackend s3: the bucket",
    default: "none",
    schema: text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be the name of an S3 bucket"),
  },
  stateRegion: {
    env: ["LOF_STATE_REGION"],
    purpose: "with stateBackend s3: region of the bucket",
    default: "the region above",
    schema: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region, like us-east-1"),
  },
  githubRepository: {
    env: ["LOF_GITHUB_REPOSITORY"],
    purpose:
      "repository whose workflows may plan and deploy, for the stack github-roles: OWNER@OWNER_ID/NAME@ID, or OWNER/NAME when it is older than 2026-07-15; see [reviews.md](reviews.md)",
    default: "none",
    schema: text(
      // Owners of Enterprise Managed Users have an underscore.
      /^(?:[A-Za-z0-9][\w-]{0,38}\/[\w.-]{1,100}|[A-Za-z0-9][\w-]{0,38}@\d{1,19}\/[\w.-]{1,100}@\d{1,19})$/,
      "must be OWNER@OWNER_ID/NAME@ID, like octo-org@123456/octo-repo@456789, or OWNER/NAME",
    ),
  },
  githubOidcProviderArn: {
    env: ["LOF_GITHUB_OIDC_PROVIDER_ARN"],
    purpose: "with githubRepository: the account's OpenID Connect provider for GitHub, where it has one",
    default: "none: the stack github-roles makes it; an account can have one only",
    schema: text(
      /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/,
      "must be the ARN of the provider token.actions.githubusercontent.com",
    ),
  },
  kmsKeyArn: {
    env: ["LOF_KMS_KEY_ARN"],
    purpose:
      "KMS key of logs, function variables and secrets; its policy must let logs.REGION.amazonaws.com use it",
    default: "none: keys of AWS",
    schema: text(
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-zA-Z0-9-]+$/,
      "must be the ARN of a KMS key (not of an alias)",
    ),
  },
  otlpEndpoint: {
    env: ["LOF_OTLP_ENDPOINT"],
    purpose: "where containers send OpenTelemetry data; both runtimes get it as OTEL_EXPORTER_OTLP_ENDPOINT",
    default: "none",
    schema: text(/^https?:\/\/\S+$/, "must be a URL, like https://otlp.example.com:4318"),
  },
  collectorImage: {
    env: ["LOF_COLLECTOR_IMAGE"],
    purpose:
      "image of the OpenTelemetry collector beside tasks of profiles with container.tracing xray, by digest",
    default: "none",
    schema: text(/^\S+@sha256:[0-9a-f]{64}$/, "must be a container image by digest, like NAME@sha256:..."),
  },
  budgetUsd: {
    env: ["LOF_BUDGET_USD"],
    purpose:
      "with budgetEmail: monthly cost of a profile in USD at which a mail is sent (by its Profile tag)",
    default: "none",
    schema: amount,
  },
  budgetEmail: {
    env: ["LOF_BUDGET_EMAIL"],
    purpose: "with budgetUsd: who gets the mail",
    default: "none",
    schema: text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "must be an email address"),
  },
  alarmTopicArn: {
    env: ["LOF_ALARM_TOPIC_ARN"],
    purpose: "SNS topic that hears when an alarm goes off, and when it is over",
    default: "none: alarms show in the console and on the dashboard alone",
    schema: text(
      /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
      "must be the ARN of an SNS topic (not a .fifo one), like arn:aws:sns:us-east-1:123456789012:alarms",
    ),
  },
  runbookUrl: {
    env: ["LOF_RUNBOOK_URL"],
    purpose: "where the pages of docs/runbooks are read; each alarm's description links to its own below it",
    default: "docs/runbooks, the path in this project",
    schema: text(
      /^https?:\/\/\S{1,300}$/,
      "must be a URL of at most 300 letters, like https://github.com/team/app/blob/main/docs/runbooks",
    ),
  },
  anomalyDetection: {
    env: ["LOF_ANOMALY_DETECTION"],
    purpose:
      "profiles with full monitoring also get alarms on traffic and times that are unusual for the hour, by what CloudWatch learns; each is paid as three alarms",
    default: "false",
    schema: flag,
  },
  allowRemoval: {
    env: ["LOF_ALLOW_REMOVAL"],
    purpose:
      "deploy a protected profile once with true, then destroy it with true: its front door then has no deletion protection",
    default: "false",
    schema: flag,
  },
  tags: {
    env: ["LOF_TAGS"],
    purpose: "tags of every resource, beside Project, Profile and ManagedBy",
    default: "none",
    schema: tags,
  },
  profilesFile: {
    env: ["LOF_PROFILES_FILE"],
    purpose:
      "JSON or YAML file with your own profiles; one may extend another by name (`extends: lambda-prod`) and say only what differs, `null` leaves an option out",
    default: "none",
    schema: z.string().min(1),
  },
  only: {
    env: ["LOF_ONLY"],
    purpose: "names of the profiles to build; others are not even checked",
    default: "all",
    schema: list,
  },
  offline: {
    env: ["LOF_OFFLINE"],
    purpose: "plan without an account: placeholder credentials, no request to AWS",
    default: "false",
    schema: flag,
  },
} as const satisfies Record<string, SettingField>;
