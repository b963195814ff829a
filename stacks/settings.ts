import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { InputError } from "../profiles/errors";
import { describeIssue } from "../profiles/parse";
import type { ImageReference } from "./image";
import { parseImage, placeholderImage } from "./image";

/** What differs between accounts, not between profiles. */
export interface Settings {
  readonly region: string;
  readonly zones: readonly string[];
  readonly name: string;
  readonly image: ImageReference;
  readonly repository: string;
  readonly https?: { readonly certificateArn: string; readonly domain: string };
  readonly vpc?: {
    readonly id: string;
    readonly publicSubnetIds: string[];
    readonly privateSubnetIds: string[];
  };
  readonly state:
    | { readonly kind: "local"; readonly directory: string }
    | { readonly kind: "s3"; readonly bucket: string; readonly region: string };
  readonly tags: Readonly<Record<string, string>>;
  readonly profilesFile?: string;
  readonly only?: readonly string[];
  readonly offline: boolean;
}

const text = (pattern: RegExp, error: string) => z.string().regex(pattern, { error });
const list = z
  .union([z.array(z.string()), z.string()], { error: "must be a list, or names with commas between them" })
  .transform((v) => (Array.isArray(v) ? v : v.split(",")).map((s) => s.trim()).filter((s) => s !== ""));
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((v) => v === "true")], {
  error: "must be true or false",
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
      /^(?!internal(-|$))[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/,
      "must be 1 to 20 lower-case letters, digits and hyphens, not ending with a hyphen, and not begin with internal",
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
    schema: text(/^[a-z0-9]+([._/-][a-z0-9]+)*$/, "must be an ECR repository name, like team/app"),
  },
  certificateArn: {
    env: ["LOF_CERTIFICATE_ARN"],
    purpose: "ACM certificate of the load balancer: HTTPS, and HTTP redirects to it",
    default: "none: HTTP",
    schema: text(
      /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-zA-Z0-9-]+$/,
      "must be the ARN of an ACM certificate",
    ),
  },
  domain: {
    env: ["LOF_DOMAIN"],
    purpose:
      "with certificateArn: the host name that the certificate is for; point it at the load balancer in your DNS",
    default: "none",
    schema: text(
      /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
      "must be a host name, like api.example.com",
    ),
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
  tags: {
    env: ["LOF_TAGS"],
    purpose: "tags of every resource, beside Project, Profile and ManagedBy",
    default: "none",
    schema: tags,
  },
  profilesFile: {
    env: ["LOF_PROFILES_FILE"],
    purpose: "JSON or YAML file with your own profiles",
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

type Raw = { [K in keyof typeof settingFields]?: z.output<(typeof settingFields)[K]["schema"]> };

/** Where settings come from. */
export interface SettingSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Context of cdktf.json. */
  readonly context: Readonly<Record<string, unknown>>;
  /** What `image push` stored. @default - nothing */
  readonly storedImage?: string;
}

/** File that `image push` writes; commit it, and a pull request shows which image it deploys. */
export const storedImageFile = "image.json";

/** Reads the environment, the context of cdktf.json and image.json. @throws InputError with all faults */
export function readSettings(env: Readonly<Record<string, string | undefined>> = process.env): Settings {
  return parseSettings({ env, context: readContext(env), storedImage: readStoredImage() });
}

/** Settings from their sources, checked. @throws InputError with all faults */
export function parseSettings(sources: SettingSources): Settings {
  const faults: string[] = [];
  const raw: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  for (const [name, field] of Object.entries(settingFields)) {
    const variable = field.env.find((v) => (sources.env[v] ?? "") !== "");
    const value = variable === undefined ? sources.context[name] : sources.env[variable];
    if (value === undefined) continue;
    const result = field.schema.safeParse(value);
    const origin = variable === undefined ? `context "${name}" of cdktf.json` : `${name} (from ${variable})`;
    origins[name] = origin;
    if (result.success) raw[name] = result.data;
    else
      faults.push(
        ...result.error.issues.flatMap((i) => describeIssue({ ...i, path: [origin] }, { [origin]: value })),
      );
  }
  for (const name of Object.keys(sources.context)) {
    // cdktf's own context keys are left alone.
    if (
      !(name in settingFields) &&
      !/^(cdktf|excludeStackIdFromLogicalIds|allowSepCharsInLogicalIds)/.test(name)
    ) {
      const known = Object.keys(settingFields).join(", ");
      faults.push(`context "${name}" of cdktf.json: is not a known setting; use one of ${known}`);
    }
  }
  const settings = assemble(
    raw as Raw,
    sources.storedImage,
    origins.image ?? `image (from ${storedImageFile})`,
    faults,
  );
  if (faults.length > 0) throw new InputError(faults.map((fault) => `setting ${fault}`));
  return settings;
}

function assemble(
  raw: Raw,
  storedImage: string | undefined,
  imageOrigin: string,
  faults: string[],
): Settings {
  const region = raw.region ?? "us-east-1";
  const name = raw.name ?? "lof";
  const repository = raw.repository ?? name;
  const image = raw.image ?? storedImage;
  return {
    region,
    zones: zonesOf(raw, region, faults),
    name,
    image:
      image === undefined ? placeholderImage(region, repository) : parseImage(image, faults, imageOrigin),
    repository,
    https: https(raw, region, faults),
    vpc: existingVpc(raw, faults),
    state: stateBackend(raw, region, faults),
    tags: raw.tags ?? {},
    profilesFile: raw.profilesFile,
    only: raw.only,
    offline: raw.offline ?? false,
  };
}

/** Regions where zone b can't be had. Source: aws-samples/saas-reference-architecture-ecs#12; us-west-1 has two zones an account. */
const zoneLetters: Readonly<Record<string, readonly string[]>> = {
  "ap-northeast-1": ["a", "c"],
  "us-west-1": ["a", "c"],
};

function zonesOf(raw: Raw, region: string, faults: string[]): string[] {
  const zones = raw.zones ?? (zoneLetters[region] ?? ["a", "b"]).map((letter) => region + letter);
  for (const zone of zones.filter((z) => z.slice(0, -1) !== region || !/[a-p]$/.test(z))) {
    faults.push(`zones = ${zone}: is no zone of region ${region}; use ones like ${region}a`);
  }
  return zones;
}

function https(raw: Raw, region: string, faults: string[]): Settings["https"] {
  const { certificateArn, domain } = raw;
  if (certificateArn === undefined) {
    if (domain !== undefined)
      faults.push(`domain = ${domain}: needs certificateArn (LOF_CERTIFICATE_ARN) beside it`);
    return undefined;
  }
  if (domain === undefined) {
    faults.push("domain is missing: certificateArn needs the host name that it is for; set LOF_DOMAIN");
  }
  const certificateRegion = certificateArn.split(":")[3];
  if (certificateRegion !== region) {
    faults.push(
      `certificateArn = ${certificateArn}: is in ${certificateRegion}, and a load balancer takes those of its own region, ${region}`,
    );
  }
  return { certificateArn, domain: domain ?? "" };
}

function existingVpc(raw: Raw, faults: string[]): Settings["vpc"] {
  if (raw.vpcId === undefined) {
    for (const name of ["publicSubnetIds", "privateSubnetIds"] as const) {
      if (raw[name] !== undefined)
        faults.push(`${name} = ${raw[name].join(",")}: needs vpcId (LOF_VPC_ID) beside it`);
    }
    return undefined;
  }
  if (raw.publicSubnetIds === undefined) {
    faults.push(
      `publicSubnetIds is missing: vpcId = ${raw.vpcId} needs it; set LOF_PUBLIC_SUBNET_IDS to two subnet ids`,
    );
  }
  return {
    id: raw.vpcId,
    publicSubnetIds: raw.publicSubnetIds ?? [],
    privateSubnetIds: raw.privateSubnetIds ?? [],
  };
}

function stateBackend(raw: Raw, region: string, faults: string[]): Settings["state"] {
  if (raw.stateBackend !== "s3") return { kind: "local", directory: raw.stateDirectory ?? "." };
  if (raw.stateBucket === undefined) {
    faults.push(
      "stateBucket is missing: stateBackend = s3 needs it; set LOF_STATE_BUCKET to the bucket's name",
    );
  }
  return { kind: "s3", bucket: raw.stateBucket ?? "", region: raw.stateRegion ?? region };
}

/**
 * The context of cdktf.json. The CLI hands it over in a variable; run directly (`npx tsx main.ts`), the file is read,
 * so both ways give the same result.
 */
function readContext(env: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  const handedOver = env.CDKTF_CONTEXT_JSON;
  if (handedOver !== undefined) return parseJson("CDKTF_CONTEXT_JSON", handedOver);
  if (!existsSync("cdktf.json")) return {};
  return (
    (parseJson("cdktf.json", readFileSync("cdktf.json", "utf8")).context as Record<string, unknown>) ?? {}
  );
}

function readStoredImage(): string | undefined {
  if (!existsSync(storedImageFile)) return undefined;
  const { image } = parseJson(storedImageFile, readFileSync(storedImageFile, "utf8"));
  if (typeof image === "string") return image;
  throw new InputError([
    `${storedImageFile}: field "image" is missing; run \`npx lambda-or-fargate image push\` again`,
  ]);
}

function parseJson(origin: string, content: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(content);
    if (value !== null && typeof value === "object" && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (error) {
    throw new InputError([`${origin}: is not valid JSON (${(error as Error).message})`]);
  }
  throw new InputError([`${origin}: must be a JSON object`]);
}
