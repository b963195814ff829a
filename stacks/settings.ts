import { existsSync, readFileSync } from "node:fs";
import type { z } from "zod";
import { InputError } from "../profiles/errors";
import { didYouMean, nearest } from "../profiles/did-you-mean";
import { describeIssue } from "../profiles/parse";
import type { ImageReference } from "./image";
import { parseImage, placeholderImage } from "./image";
import { settingFields } from "./setting-fields";

/** What differs between accounts, not between profiles. */
export interface Settings {
  readonly region: string;
  readonly zones: readonly string[];
  readonly name: string;
  readonly image: ImageReference;
  readonly repository: string;
  readonly https?: { readonly certificateArn: string; readonly domain: string };
  readonly dns?: { readonly zoneId: string; readonly weights?: Readonly<Record<string, number>> };
  readonly vpc?: {
    readonly id: string;
    readonly publicSubnetIds: string[];
    readonly privateSubnetIds: string[];
  };
  readonly state:
    | { readonly kind: "local"; readonly directory: string }
    | { readonly kind: "s3"; readonly bucket: string; readonly region: string };
  /** Whose workflows may plan and deploy. */
  readonly github?: { readonly repository: string; readonly oidcProviderArn?: string };
  readonly tags: Readonly<Record<string, string>>;
  readonly kmsKeyArn?: string;
  readonly otlpEndpoint?: string;
  readonly collectorImage?: string;
  readonly budget?: { readonly usdPerMonth: number; readonly email: string };
  readonly alarmTopicArn?: string;
  /** Where the runbooks are, without a slash at the end. */
  readonly runbookUrl: string;
  readonly anomalyDetection: boolean;
  readonly allowRemoval: boolean;
  readonly profilesFile?: string;
  readonly only?: readonly string[];
  readonly offline: boolean;
}

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

/** A variable with a typo would be passed over in silence: the tools' own, and those of others, are further off. */
function mistypedVariables(env: SettingSources["env"]): string[] {
  const known: string[] = Object.values(settingFields).flatMap((field) =>
    field.env.filter((name) => name.startsWith("LOF_")),
  );
  return Object.entries(env).flatMap(([name, value = ""]) => {
    const meant = name.startsWith("LOF_") && !known.includes(name) ? nearest(name, known, 2) : undefined;
    return meant === undefined || value === ""
      ? []
      : [`${name} = ${JSON.stringify(value)}: is not a known setting; did you mean ${meant}?`];
  });
}

/** Settings from their sources, checked. @throws InputError with all faults */
export function parseSettings(sources: SettingSources): Settings {
  const faults: string[] = [];
  const raw: Record<string, unknown> = {};
  const refused = new Set<string>();
  let imageOrigin = `image (from ${storedImageFile})`;
  for (const [name, field] of Object.entries(settingFields)) {
    const variable = field.env.find((v) => (sources.env[v] ?? "") !== "");
    const value = variable === undefined ? sources.context[name] : sources.env[variable];
    if (value === undefined) continue;
    const result = field.schema.safeParse(value);
    const origin = variable === undefined ? `context "${name}" of cdktf.json` : `${name} (from ${variable})`;
    if (name === "image") imageOrigin = origin;
    if (result.success) {
      raw[name] = result.data;
      continue;
    }
    refused.add(name);
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
      const known = Object.keys(settingFields);
      faults.push(
        `context "${name}" of cdktf.json: is not a known setting; use one of ${known.join(", ")}${didYouMean(name, known)}`,
      );
    }
  }
  faults.push(...mistypedVariables(sources.env));
  const fault: Report = (needs, message) => {
    if (!needs.some((name) => refused.has(name))) faults.push(message);
  };
  const settings = assemble(raw as Raw, sources.storedImage, imageOrigin, fault, faults);
  if (faults.length > 0) throw new InputError(faults.map((message) => `setting ${message}`));
  return settings;
}

/**
 * Reports a fault between settings; not when one of them was refused already, because what is refused counts as not
 * given, and the others would be blamed for it.
 */
type Report = (needs: readonly (keyof Raw)[], message: string) => void;

function assemble(
  raw: Raw,
  storedImage: string | undefined,
  imageOrigin: string,
  fault: Report,
  faults: string[],
): Settings {
  const region = raw.region ?? "us-east-1";
  const name = raw.name ?? "lof";
  const repository = raw.repository ?? name;
  const image = raw.image ?? storedImage;
  return {
    region,
    zones: zonesOf(raw, region, fault),
    name,
    image:
      image === undefined ? placeholderImage(region, repository) : parseImage(image, faults, imageOrigin),
    repository,
    https: https(raw, region, fault),
    dns: dns(raw, fault),
    vpc: existingVpc(raw, fault),
    state: stateBackend(raw, region, fault),
    github: github(raw, fault),
    tags: raw.tags ?? {},
    kmsKeyArn: inRegion(raw, "kmsKeyArn", "key", region, fault),
    otlpEndpoint: raw.otlpEndpoint,
    collectorImage: raw.collectorImage,
    budget: budget(raw, fault),
    alarmTopicArn: inRegion(raw, "alarmTopicArn", "topic", region, fault),
    runbookUrl: (raw.runbookUrl ?? "docs/runbooks").replace(/\/+$/, ""),
    anomalyDetection: raw.anomalyDetection ?? false,
    allowRemoval: raw.allowRemoval ?? false,
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

function zonesOf(raw: Raw, region: string, fault: Report): string[] {
  const zones = raw.zones ?? (zoneLetters[region] ?? ["a", "b"]).map((letter) => region + letter);
  for (const zone of zones.filter((z) => z.slice(0, -1) !== region || !/[a-p]$/.test(z))) {
    fault(["region", "zones"], `zones = ${zone}: is no zone of region ${region}; use ones like ${region}a`);
  }
  return zones;
}

function https(raw: Raw, region: string, fault: Report): Settings["https"] {
  const { certificateArn, domain } = raw;
  if (certificateArn === undefined) {
    if (domain !== undefined) {
      fault(["certificateArn"], `domain = ${domain}: needs certificateArn (LOF_CERTIFICATE_ARN) beside it`);
    }
    return undefined;
  }
  if (domain === undefined) {
    fault(["domain"], "domain is missing: certificateArn needs the host name that it is for; set LOF_DOMAIN");
  }
  const certificateRegion = certificateArn.split(":")[3];
  if (certificateRegion !== region) {
    fault(
      ["region"],
      `certificateArn = ${certificateArn}: is in ${certificateRegion}, and a front door takes those of its own region, ${region}`,
    );
  }
  return { certificateArn, domain: domain ?? "" };
}

function dns(raw: Raw, fault: Report): Settings["dns"] {
  const { hostedZoneId, dnsWeights, domain } = raw;
  if (hostedZoneId === undefined) {
    if (dnsWeights !== undefined) {
      fault(
        ["hostedZoneId"],
        `dnsWeights = ${JSON.stringify(dnsWeights)}: needs hostedZoneId (LOF_HOSTED_ZONE_ID) beside it`,
      );
    }
    return undefined;
  }
  if (domain === undefined) {
    fault(
      ["domain"],
      `hostedZoneId = ${hostedZoneId}: needs domain (LOF_DOMAIN) and certificateArn beside it`,
    );
  }
  if (dnsWeights !== undefined && domain?.includes("{profile}")) {
    fault(
      [],
      `dnsWeights = ${JSON.stringify(dnsWeights)}: needs one domain for all, and {profile} gives each its own`,
    );
  }
  return { zoneId: hostedZoneId, weights: dnsWeights };
}

/** The ARN of something that only its own region can use. */
function inRegion(
  raw: Raw,
  name: "alarmTopicArn" | "kmsKeyArn",
  what: string,
  region: string,
  fault: Report,
): string | undefined {
  const arn = raw[name];
  const itsRegion = arn?.split(":")[3];
  if (arn !== undefined && itsRegion !== region) {
    fault(["region"], `${name} = ${arn}: is in ${itsRegion}; a ${what} of the region, ${region}, is needed`);
  }
  return arn;
}

function budget({ budgetUsd, budgetEmail }: Raw, fault: Report): Settings["budget"] {
  if (budgetUsd === undefined && budgetEmail === undefined) return undefined;
  if (budgetUsd === undefined)
    fault(["budgetUsd"], "budgetUsd is missing: budgetEmail needs it; set LOF_BUDGET_USD");
  if (budgetEmail === undefined) {
    fault(["budgetEmail"], "budgetEmail is missing: budgetUsd needs it; set LOF_BUDGET_EMAIL");
  }
  return { usdPerMonth: budgetUsd ?? 0, email: budgetEmail ?? "" };
}

function existingVpc(raw: Raw, fault: Report): Settings["vpc"] {
  if (raw.vpcId === undefined) {
    for (const name of ["publicSubnetIds", "privateSubnetIds"] as const) {
      if (raw[name] !== undefined)
        fault(["vpcId"], `${name} = ${raw[name].join(",")}: needs vpcId (LOF_VPC_ID) beside it`);
    }
    return undefined;
  }
  if (raw.publicSubnetIds === undefined) {
    fault(
      ["publicSubnetIds"],
      `publicSubnetIds is missing: vpcId = ${raw.vpcId} needs it; set LOF_PUBLIC_SUBNET_IDS to two subnet ids`,
    );
  }
  return {
    id: raw.vpcId,
    publicSubnetIds: raw.publicSubnetIds ?? [],
    privateSubnetIds: raw.privateSubnetIds ?? [],
  };
}

function stateBackend(raw: Raw, region: string, fault: Report): Settings["state"] {
  if (raw.stateBackend !== "s3") return { kind: "local", directory: raw.stateDirectory ?? "." };
  if (raw.stateBucket === undefined) {
    fault(
      ["stateBucket"],
      "stateBucket is missing: stateBackend = s3 needs it; set LOF_STATE_BUCKET to the bucket's name",
    );
  }
  return { kind: "s3", bucket: raw.stateBucket ?? "", region: raw.stateRegion ?? region };
}

function github(
  { githubRepository, githubOidcProviderArn, stateBackend }: Raw,
  fault: Report,
): Settings["github"] {
  if (githubRepository === undefined) {
    if (githubOidcProviderArn !== undefined) {
      fault(
        ["githubRepository"],
        `githubOidcProviderArn = ${githubOidcProviderArn}: needs githubRepository (LOF_GITHUB_REPOSITORY) beside it`,
      );
    }
    return undefined;
  }
  if (stateBackend !== "s3") {
    fault(
      ["stateBackend"],
      `githubRepository = ${githubRepository}: needs stateBackend = s3 (LOF_STATE_BACKEND), because a runner keeps no state files`,
    );
  }
  return { repository: githubRepository, oidcProviderArn: githubOidcProviderArn };
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
