import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settingFields } from "../../stacks/setting-fields";
import { parseSettings, readSettings, storedImageFile } from "../../stacks/settings";
import { faultsOf } from "../support/faults";
import { realImage } from "../support/synth";

type Env = Record<string, string>;
const fromEnv = (env: Env) => parseSettings({ env, context: {} });
const fromContext = (context: Record<string, unknown>) => parseSettings({ env: {}, context });

describe("without any setting", () => {
  it("there are defaults that synthesise anywhere", () => {
    expect(parseSettings({ env: {}, context: {} })).toEqual({
      region: "us-east-1",
      zones: ["us-east-1a", "us-east-1b"],
      name: "lof",
      image: expect.objectContaining({ placeholder: true, repository: "lof" }) as unknown,
      repository: "lof",
      https: undefined,
      dns: undefined,
      vpc: undefined,
      state: { kind: "local", directory: "." },
      tags: {},
      kmsKeyArn: undefined,
      otlpEndpoint: undefined,
      collectorImage: undefined,
      budget: undefined,
      alarmTopicArn: undefined,
      runbookUrl: "docs/runbooks",
      anomalyDetection: false,
      allowRemoval: false,
      profilesFile: undefined,
      only: undefined,
      offline: false,
    });
  });

  it("zones follow the region, and the placeholder follows region and repository", () => {
    const settings = fromEnv({ AWS_REGION: "eu-central-1", LOF_REPOSITORY: "team/app" });
    expect(settings.zones).toEqual(["eu-central-1a", "eu-central-1b"]);
    expect(settings.image).toMatchObject({ region: "eu-central-1", repository: "team/app" });
  });
});

describe("values", () => {
  it("of every setting come from its variable", () => {
    const settings = fromEnv({
      AWS_REGION: "us-gov-west-1",
      LOF_ZONES: "us-gov-west-1a, us-gov-west-1c",
      LOF_NAME: "team",
      LOF_IMAGE: realImage,
      LOF_REPOSITORY: "team/app",
      LOF_CERTIFICATE_ARN: "arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/abc-1",
      LOF_DOMAIN: "api.example.gov",
      LOF_HOSTED_ZONE_ID: "Z0123456789",
      LOF_DNS_WEIGHTS: "lambda-alb=90,fargate-prod=0",
      LOF_KMS_KEY_ARN: "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/abc-1",
      LOF_OTLP_ENDPOINT: "https://otlp.example.gov:4318",
      LOF_COLLECTOR_IMAGE: `example.gov/collector@sha256:${"cd".repeat(32)}`,
      LOF_BUDGET_USD: "49.5",
      LOF_BUDGET_EMAIL: "team@example.gov",
      LOF_ALARM_TOPIC_ARN: "arn:aws-us-gov:sns:us-gov-west-1:123456789012:alarms",
      LOF_RUNBOOK_URL: "https://example.gov/runbooks/",
      LOF_ANOMALY_DETECTION: "true",
      LOF_ALLOW_REMOVAL: "true",
      LOF_VPC_ID: "vpc-0a",
      LOF_PUBLIC_SUBNET_IDS: "subnet-0a,subnet-0b",
      LOF_PRIVATE_SUBNET_IDS: "subnet-1a",
      LOF_STATE_BACKEND: "s3",
      LOF_STATE_BUCKET: "state-bucket",
      LOF_STATE_REGION: "us-gov-east-1",
      LOF_TAGS: "Team=search,Note=a=b,Empty=",
      LOF_PROFILES_FILE: "mine.yaml",
      LOF_ONLY: "lambda-dev, fargate-sse,",
      LOF_OFFLINE: "true",
    });
    expect(settings).toEqual({
      region: "us-gov-west-1",
      zones: ["us-gov-west-1a", "us-gov-west-1c"],
      name: "team",
      image: expect.objectContaining({ uri: realImage }) as unknown,
      repository: "team/app",
      https: {
        certificateArn: "arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/abc-1",
        domain: "api.example.gov",
      },
      dns: { zoneId: "Z0123456789", weights: { "lambda-alb": 90, "fargate-prod": 0 } },
      kmsKeyArn: "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/abc-1",
      otlpEndpoint: "https://otlp.example.gov:4318",
      collectorImage: `example.gov/collector@sha256:${"cd".repeat(32)}`,
      budget: { usdPerMonth: 49.5, email: "team@example.gov" },
      alarmTopicArn: "arn:aws-us-gov:sns:us-gov-west-1:123456789012:alarms",
      runbookUrl: "https://example.gov/runbooks",
      anomalyDetection: true,
      allowRemoval: true,
      vpc: { id: "vpc-0a", publicSubnetIds: ["subnet-0a", "subnet-0b"], privateSubnetIds: ["subnet-1a"] },
      state: { kind: "s3", bucket: "state-bucket", region: "us-gov-east-1" },
      tags: { Team: "search", Note: "a=b", Empty: "" },
      profilesFile: "mine.yaml",
      only: ["lambda-dev", "fargate-sse"],
      offline: true,
    });
  });

  it("of the context may have their JSON types", () => {
    const settings = fromContext({
      zones: ["us-east-1a", "us-east-1c"],
      tags: { Team: "search" },
      only: ["lambda-dev"],
      offline: true,
    });
    expect(settings).toMatchObject({
      zones: ["us-east-1a", "us-east-1c"],
      tags: { Team: "search" },
      only: ["lambda-dev"],
      offline: true,
    });
  });

  it("the state's region is the region, when none is given", () => {
    const { state } = fromEnv({ AWS_REGION: "eu-west-1", LOF_STATE_BACKEND: "s3", LOF_STATE_BUCKET: "abc" });
    expect(state).toEqual({ kind: "s3", bucket: "abc", region: "eu-west-1" });
  });

  it("a local state may have a folder", () => {
    expect(fromEnv({ LOF_STATE_DIRECTORY: "states" }).state).toEqual({ kind: "local", directory: "states" });
  });
});

describe("precedence", () => {
  const context = { region: "eu-west-1", name: "context" };

  it("is environment, then context, then default", () => {
    expect(parseSettings({ env: { AWS_REGION: "ap-south-1" }, context })).toMatchObject({
      region: "ap-south-1",
      name: "context",
      repository: "context",
    });
  });

  it("takes the first of a setting's variables that is set", () => {
    expect(fromEnv({ AWS_REGION: "us-west-2", AWS_DEFAULT_REGION: "us-east-2" }).region).toBe("us-west-2");
    expect(fromEnv({ AWS_REGION: "", AWS_DEFAULT_REGION: "us-east-2" }).region).toBe("us-east-2");
  });

  it("does not count an empty variable", () => {
    expect(parseSettings({ env: { LOF_NAME: "" }, context }).name).toBe("context");
  });

  it("does not check a context value that the environment replaces", () => {
    expect(parseSettings({ env: { LOF_NAME: "good" }, context: { name: "NOT GOOD" } }).name).toBe("good");
  });

  it("of the image is environment, context, stored image, placeholder", () => {
    const other = realImage.replace("team/app", "other");
    const stored = realImage.replace("team/app", "stored");
    const image = (env: Env, imageContext: Record<string, unknown>, storedImage?: string) =>
      parseSettings({ env, context: imageContext, storedImage }).image;
    expect(image({ LOF_IMAGE: realImage }, { image: other }, stored).uri).toBe(realImage);
    expect(image({}, { image: other }, stored).uri).toBe(other);
    expect(image({}, {}, stored).uri).toBe(stored);
    expect(image({}, {}).placeholder).toBe(true);
  });
});

describe("a bad value", () => {
  const notRegion = "must be an AWS region, like us-east-1";
  const notSubnets = "must be at least two subnet ids, like subnet-0a1b,subnet-2c3d";
  const notZones = "must name at least two zones, each once";
  const notName =
    "must be 2 to 20 lower-case letters, digits and single hyphens, not ending with a hyphen, and not begin with internal";
  const notWeights = "must be profile=weight pairs with commas between them, with weights from 0 to 255";
  const notPairs = "must be key=value pairs with commas between them";
  const withVpc = { LOF_VPC_ID: "vpc-1", LOF_PUBLIC_SUBNET_IDS: "subnet-1,subnet-2" };
  const table: [setting: string, variable: string, value: string, allowed: string, beside?: Env][] = [
    ["region", "AWS_REGION", "mars", notRegion],
    ["region", "AWS_DEFAULT_REGION", "us-east-1a", notRegion],
    ["zones", "LOF_ZONES", "us-east-1a", notZones],
    ["zones", "LOF_ZONES", "us-east-1a,us-east-1a", notZones],
    // Two are different, and still one subnet would be made twice
    ["zones", "LOF_ZONES", "us-east-1a,us-east-1b,us-east-1a", notZones],
    ["name", "LOF_NAME", "Lof", notName],
    ["name", "LOF_NAME", "a".repeat(21), notName],
    ["name", "LOF_NAME", "lof-", notName],
    ["name", "LOF_NAME", "-", notName],
    // The repository is called by it, and ECR takes neither
    ["name", "LOF_NAME", "a", notName],
    ["name", "LOF_NAME", "a--b", notName],
    // AWS keeps these for itself: a load balancer's name can't begin so
    ["name", "LOF_NAME", "internal", notName],
    ["name", "LOF_NAME", "internal-a", notName],
    ["repository", "LOF_REPOSITORY", "a", "must be an ECR repository name, like team/app"],
    ["repository", "LOF_REPOSITORY", "Team/App", "must be an ECR repository name, like team/app"],
    ["certificateArn", "LOF_CERTIFICATE_ARN", "arn:aws:iam::1:x", "must be the ARN of an ACM certificate"],
    ...[
      "example",
      "API.example.com",
      "https://example.com",
      "-a.example.com",
      "a-.example.com",
      "a..com",
      "{stack}.example.com",
      "api.example.c0m",
    ].map((value): [string, string, string, string] => [
      "domain",
      "LOF_DOMAIN",
      value,
      "must be a host name, like api.example.com or {profile}.example.com",
    ]),
    ["vpcId", "LOF_VPC_ID", "default", "must be a VPC id, like vpc-0a1b2c3d"],
    ["publicSubnetIds", "LOF_PUBLIC_SUBNET_IDS", "subnet-1", notSubnets, { LOF_VPC_ID: "vpc-1" }],
    ["publicSubnetIds", "LOF_PUBLIC_SUBNET_IDS", "subnet-1,b", notSubnets, { LOF_VPC_ID: "vpc-1" }],
    [
      "privateSubnetIds",
      "LOF_PRIVATE_SUBNET_IDS",
      "b",
      "must be subnet ids, like subnet-0a1b,subnet-2c3d",
      withVpc,
    ],
    ["stateBackend", "LOF_STATE_BACKEND", "gcs", "must be local or s3"],
    ["stateBucket", "LOF_STATE_BUCKET", "Bucket", "must be the name of an S3 bucket"],
    ["stateRegion", "LOF_STATE_REGION", "here", notRegion],
    ["offline", "LOF_OFFLINE", "maybe", "must be true or false"],
    ["allowRemoval", "LOF_ALLOW_REMOVAL", "yes", "must be true or false"],
    [
      "hostedZoneId",
      "LOF_HOSTED_ZONE_ID",
      "example.com",
      "must be the id of a Route 53 hosted zone, like Z0123456789ABCDEFGHIJ",
    ],
    ["dnsWeights", "LOF_DNS_WEIGHTS", "lambda-alb", notWeights],
    ["dnsWeights", "LOF_DNS_WEIGHTS", "lambda-alb=256", notWeights],
    ["dnsWeights", "LOF_DNS_WEIGHTS", "lambda-alb=-1", notWeights],
    [
      "alarmTopicArn",
      "LOF_ALARM_TOPIC_ARN",
      "arn:aws:sns:us-east-1:123456789012:alarms.fifo",
      "must be the ARN of an SNS topic (not a .fifo one), like arn:aws:sns:us-east-1:123456789012:alarms",
    ],
    [
      "runbookUrl",
      "LOF_RUNBOOK_URL",
      "runbooks",
      "must be a URL of at most 300 letters, like https://github.com/team/app/blob/main/docs/runbooks",
    ],
    ["anomalyDetection", "LOF_ANOMALY_DETECTION", "yes", "must be true or false"],
    [
      "kmsKeyArn",
      "LOF_KMS_KEY_ARN",
      "arn:aws:kms:us-east-1:123456789012:alias/logs",
      "must be the ARN of a KMS key (not of an alias)",
    ],
    ["otlpEndpoint", "LOF_OTLP_ENDPOINT", "otlp:4317", "must be a URL, like https://otlp.example.com:4318"],
    [
      "collectorImage",
      "LOF_COLLECTOR_IMAGE",
      "collector:latest",
      "must be a container image by digest, like NAME@sha256:...",
    ],
    ["budgetUsd", "LOF_BUDGET_USD", "0", "must be a number above 0, like 50"],
    ["budgetUsd", "LOF_BUDGET_USD", "-5", "must be a number above 0, like 50"],
    ["budgetEmail", "LOF_BUDGET_EMAIL", "team", "must be an email address"],
    ["tags", "LOF_TAGS", "a", notPairs],
    ["tags", "LOF_TAGS", "=a", notPairs],
    ["tags", "LOF_TAGS", "a=b,,c=d", notPairs],
  ];

  it.each(table)("of %s (from %s): %s", (setting, variable, value, allowed, beside = {}) => {
    // THEN one fault names the setting, its variable, the value, and what is allowed
    expect(faultsOf(() => fromEnv({ ...beside, [variable]: value }))).toContainEqual(
      `setting ${setting} (from ${variable}) = "${value}": ${allowed}`,
    );
    // THEN the same from the context, which is named instead
    expect(faultsOf(() => parseSettings({ env: beside, context: { [setting]: value } }))).toContainEqual(
      `setting context "${setting}" of cdktf.json = "${value}": ${allowed}`,
    );
  });

  it.each(["nginx", "public.ecr.aws/a/b:1", "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", ""])(
    'of image: "%s"',
    (image) => {
      const allowed =
        "must be a private ECR image by digest, like 123456789012.dkr.ecr.us-east-1.amazonaws.com/app@sha256:<64 hex digits>";
      expect(faultsOf(() => fromContext({ image }))).toEqual([
        `setting context "image" of cdktf.json = "${image}": ${allowed}`,
      ]);
      expect(faultsOf(() => parseSettings({ env: {}, context: {}, storedImage: image }))).toEqual([
        `setting image (from image.json) = "${image}": ${allowed}`,
      ]);
    },
  );

  it.each([
    ["tags", 5, notPairs],
    ["tags", { Team: 5 }, notPairs],
    ["offline", 5, "must be true or false"],
    ["zones", 5, "must be a list, or names with commas between them"],
    ["zones", [1, 2], "must be a list, or names with commas between them"],
    ["only", 5, "must be a list, or names with commas between them"],
    ["only", { a: "b" }, "must be a list, or names with commas between them"],
  ])("of %s = %j names it, shows it and says what is allowed", (name, value, allowed) => {
    expect(faultsOf(() => fromContext({ [name]: value }))).toEqual([
      `setting context "${name}" of cdktf.json = ${JSON.stringify(value)}: ${allowed}`,
    ]);
  });

  it.each(["publicSubnetIds", "privateSubnetIds"])("of %s is a list, too", (name) => {
    const context = { vpcId: "vpc-1", publicSubnetIds: ["subnet-1", "subnet-2"], [name]: 5 };
    expect(faultsOf(() => fromContext(context))).toContainEqual(
      `setting context "${name}" of cdktf.json = 5: must be a list, or names with commas between them`,
    );
  });

  it("of name is none that only resembles one", () => {
    for (const name of ["ab", "a-b", "internals", "my-internal", "a".repeat(20)]) {
      expect(fromEnv({ LOF_NAME: name }).name).toBe(name);
    }
  });

  it.each([
    ["LOF_PROFILE_FILE", "mine.yaml", "LOF_PROFILES_FILE"],
    ["LOF_ALOW_REMOVAL", "true", "LOF_ALLOW_REMOVAL"],
    ["LOF_DNS_WEIGHT", "a=1", "LOF_DNS_WEIGHTS"],
  ])("in the variable %s asks whether another one was meant", (name, value, meant) => {
    expect(faultsOf(() => parseSettings({ env: { [name]: value }, context: {} }))).toEqual([
      `setting ${name} = "${value}": is not a known setting; did you mean ${meant}?`,
    ]);
  });

  it("is none in the variables of the tools, and of others", () => {
    const tools = ["CACHE_DIR", "TERRAFORM_MIRROR", "BASE_IMAGE", "DOCKER", "CHROMIUM", "DEBUG", "MODEL_DIR"];
    const local = ["LOCAL_PORT", "LOCAL_DIRECTORY", "LOCAL_IMAGE", "SOMETHING_ELSE"];
    const env = Object.fromEntries([...tools, ...local].map((name) => [`LOF_${name}`, "x"]));
    expect(faultsOf(() => parseSettings({ env, context: {} }))).toEqual([]);
  });

  it("in the context under an unknown name lists the known ones", () => {
    const known = Object.keys(settingFields).join(", ");
    expect(faultsOf(() => fromContext({ regoin: "us-east-1" }))).toEqual([
      `setting context "regoin" of cdktf.json: is not a known setting; use one of ${known}; did you mean region?`,
    ]);
  });

  it("of cdktf's own context keys is none", () => {
    expect(
      faultsOf(() => fromContext({ cdktfRelativeModules: [], excludeStackIdFromLogicalIds: "true" })),
    ).toEqual([]);
  });

  it("is reported with all others", () => {
    const all = faultsOf(() =>
      parseSettings({
        env: { AWS_REGION: "mars", LOF_NAME: "X", LOF_STATE_BACKEND: "s3" },
        context: { vpcId: "x", foo: 1 },
        storedImage: "nginx",
      }),
    );
    expect(all.map((fault) => fault.split(/[ =]/)[1])).toEqual([
      "region",
      "name",
      "context",
      "context",
      "image",
      "stateBucket",
    ]);
  });
});

describe("the image", () => {
  const notEcr =
    "must be a private ECR image by digest, like 123456789012.dkr.ecr.us-east-1.amazonaws.com/app@sha256:<64 hex digits>";

  it("of the environment is named by its variable", () => {
    expect(
      faultsOf(() =>
        parseSettings({ env: { LOF_IMAGE: "nginx" }, context: { image: "other" }, storedImage: "third" }),
      ),
    ).toEqual([`setting image (from LOF_IMAGE) = "nginx": ${notEcr}`]);
  });
});

describe("the repository", () => {
  it("is called by the name, and so is the placeholder, unless it has a name of its own", () => {
    expect(fromEnv({ LOF_NAME: "team" })).toMatchObject({
      repository: "team",
      image: { repository: "team", placeholder: true },
    });
    expect(fromEnv({ LOF_NAME: "team", LOF_REPOSITORY: "apps/x" })).toMatchObject({
      name: "team",
      repository: "apps/x",
      image: { repository: "apps/x" },
    });
  });
});

describe("one bad value", () => {
  const certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/abc-1";

  const key = "arn:aws:kms:eu-west-1:123456789012:key/abc-1";

  // What is refused counts as not given; what depends on it must not be blamed beside it.
  it.each<[string, Env]>([
    ["a region with zones", { AWS_REGION: "mars", LOF_ZONES: "eu-west-1a,eu-west-1b" }],
    [
      "a region with a certificate",
      { AWS_REGION: "mars", LOF_CERTIFICATE_ARN: certificate, LOF_DOMAIN: "a.example.com" },
    ],
    ["a domain", { AWS_REGION: "eu-west-1", LOF_CERTIFICATE_ARN: certificate, LOF_DOMAIN: "A_" }],
    ["a certificate", { LOF_CERTIFICATE_ARN: "x", LOF_DOMAIN: "a.example.com" }],
    ["a bucket", { LOF_STATE_BACKEND: "s3", LOF_STATE_BUCKET: "Bucket" }],
    ["a VPC", { LOF_VPC_ID: "x", LOF_PUBLIC_SUBNET_IDS: "subnet-1,subnet-2" }],
    ["subnets", { LOF_VPC_ID: "vpc-1", LOF_PUBLIC_SUBNET_IDS: "b" }],
    ["a zone id", { LOF_HOSTED_ZONE_ID: "x", LOF_DNS_WEIGHTS: "a=1" }],
    ["a region with a key", { AWS_REGION: "mars", LOF_KMS_KEY_ARN: key }],
    ["an amount", { LOF_BUDGET_USD: "much", LOF_BUDGET_EMAIL: "a@example.com" }],
    ["an address", { LOF_BUDGET_USD: "5", LOF_BUDGET_EMAIL: "a" }],
  ])("is one fault: %s", (_what, env) => {
    expect(faultsOf(() => fromEnv(env))).toHaveLength(1);
  });
});

describe("a missing value", () => {
  it("stateBackend s3 needs a bucket", () => {
    expect(faultsOf(() => fromEnv({ LOF_STATE_BACKEND: "s3" }))).toEqual([
      "setting stateBucket is missing: stateBackend = s3 needs it; set LOF_STATE_BUCKET to the bucket's name",
    ]);
  });

  it("vpcId needs public subnets", () => {
    expect(faultsOf(() => fromEnv({ LOF_VPC_ID: "vpc-1" }))).toEqual([
      "setting publicSubnetIds is missing: vpcId = vpc-1 needs it; set LOF_PUBLIC_SUBNET_IDS to two subnet ids",
    ]);
  });

  it.each([
    ["publicSubnetIds", "LOF_PUBLIC_SUBNET_IDS"],
    ["privateSubnetIds", "LOF_PRIVATE_SUBNET_IDS"],
  ])("%s needs a VPC", (setting, variable) => {
    expect(faultsOf(() => fromEnv({ [variable]: "subnet-1,subnet-2" }))).toEqual([
      `setting ${setting} = subnet-1,subnet-2: needs vpcId (LOF_VPC_ID) beside it`,
    ]);
  });
});

describe("readSettings", () => {
  const home = process.cwd();
  let folder: string;
  beforeEach(() => process.chdir((folder = mkdtempSync(join(tmpdir(), "settings-")))));
  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });

  it("needs no file and no variable", () => {
    expect(readSettings({})).toEqual(parseSettings({ env: {}, context: {} }));
  });

  it("reads the context of cdktf.json, unless the CLI hands one over", () => {
    writeFileSync("cdktf.json", JSON.stringify({ context: { name: "file" } }));
    expect(readSettings({}).name).toBe("file");
    expect(readSettings({ CDKTF_CONTEXT_JSON: '{"name":"cli"}' }).name).toBe("cli");
  });

  it("reads a cdktf.json without context", () => {
    writeFileSync("cdktf.json", "{}");
    expect(readSettings({}).name).toBe("lof");
  });

  it("reads the image that was stored", () => {
    writeFileSync(storedImageFile, JSON.stringify({ image: realImage }));
    expect(readSettings({}).image.uri).toBe(realImage);
  });

  it.each([
    ["cdktf.json", "{ no", "cdktf.json: is not valid JSON ("],
    ["cdktf.json", "[]", "cdktf.json: must be a JSON object"],
    ["image.json", "nope", "image.json: is not valid JSON ("],
    ["image.json", "null", "image.json: must be a JSON object"],
    [
      "image.json",
      "{}",
      'image.json: field "image" is missing; run `npx lambda-or-fargate image push` again',
    ],
    ["image.json", '{"image":5}', 'image.json: field "image" is missing'],
  ])("refuses %s that holds %s", (file, content, message) => {
    writeFileSync(file, content);
    expect(faultsOf(() => readSettings({}))).toEqual([expect.stringContaining(message)]);
  });

  it("refuses a context of the CLI that is no JSON", () => {
    expect(faultsOf(() => readSettings({ CDKTF_CONTEXT_JSON: "{" }))).toEqual([
      expect.stringContaining("CDKTF_CONTEXT_JSON: is not valid JSON ("),
    ]);
  });
});

describe("setting fields", () => {
  it("each have a variable that no other has, a purpose and a default in words", () => {
    const variables = Object.values(settingFields).flatMap(({ env }) => [...env]);
    expect(new Set(variables).size).toBe(variables.length);
    for (const field of Object.values(settingFields)) {
      expect(field.env.length).toBeGreaterThan(0);
      expect(field.purpose).not.toBe("");
      expect(field.default).not.toBe("");
    }
  });
});

describe("HTTPS", () => {
  const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/abc-1";

  it("needs the host name of its certificate", () => {
    expect(faultsOf(() => fromContext({ certificateArn }))).toEqual([
      "setting domain is missing: certificateArn needs the host name that it is for; set LOF_DOMAIN",
    ]);
    expect(faultsOf(() => fromContext({ domain: "api.example.com" }))).toEqual([
      "setting domain = api.example.com: needs certificateArn (LOF_CERTIFICATE_ARN) beside it",
    ]);
  });

  it("needs a certificate of its own region", () => {
    expect(
      faultsOf(() => fromContext({ region: "eu-west-1", certificateArn, domain: "api.example.com" })),
    ).toEqual([expect.stringMatching(/certificate\/abc-1: is in us-east-1, .* its own region, eu-west-1$/)]);
  });
});

describe("a domain", () => {
  const https = { certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/abc-1" };

  it.each([
    "api.example.com",
    "xn--80ak6aa92e.xn--p1ai",
    "{profile}.example.com",
    "api-{profile}.example.com",
  ])("may be %s", (domain) => {
    expect(fromContext({ ...https, domain }).https).toEqual({ ...https, domain });
  });

  it("is needed by a record, and a zone by weights", () => {
    expect(faultsOf(() => fromContext({ hostedZoneId: "Z0123456789" }))).toEqual([
      "setting hostedZoneId = Z0123456789: needs domain (LOF_DOMAIN) and certificateArn beside it",
    ]);
    expect(faultsOf(() => fromContext({ ...https, domain: "a.example.com", dnsWeights: { a: 1 } }))).toEqual([
      'setting dnsWeights = {"a":1}: needs hostedZoneId (LOF_HOSTED_ZONE_ID) beside it',
    ]);
  });

  it("of each profile's own can't be shared by weight", () => {
    const settings = { ...https, domain: "{profile}.example.com", hostedZoneId: "Z0123456789" };
    expect(faultsOf(() => fromContext({ ...settings, dnsWeights: { a: 1 } }))).toEqual([
      'setting dnsWeights = {"a":1}: needs one domain for all, and {profile} gives each its own',
    ]);
  });
});

describe("a key, a topic and a budget", () => {
  it("are complete and of the region", () => {
    expect(
      faultsOf(() => fromContext({ alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:alarms" })),
    ).toEqual([
      expect.stringMatching(/:alarms: is in eu-west-1; a topic of the region, us-east-1, is needed$/),
    ]);
    expect(
      faultsOf(() => fromContext({ kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/abc-1" })),
    ).toEqual([
      expect.stringMatching(/key\/abc-1: is in eu-west-1; a key of the region, us-east-1, is needed$/),
    ]);
    expect(faultsOf(() => fromContext({ budgetUsd: 50 }))).toEqual([
      "setting budgetEmail is missing: budgetUsd needs it; set LOF_BUDGET_EMAIL",
    ]);
    expect(faultsOf(() => fromContext({ budgetEmail: "a@example.com" }))).toEqual([
      "setting budgetUsd is missing: budgetEmail needs it; set LOF_BUDGET_USD",
    ]);
  });
});

describe("zones", () => {
  it.each([
    ["us-east-1", ["us-east-1a", "us-east-1b"]],
    ["ap-northeast-1", ["ap-northeast-1a", "ap-northeast-1c"]],
    ["us-west-1", ["us-west-1a", "us-west-1c"]],
  ])("of %s are %p when none are given", (region, zones) => {
    expect(fromContext({ region }).zones).toEqual(zones);
  });

  it.each(["us-east-1q", "us-east-11", "us-east-2a", "us-east-1"])("%s is none of us-east-1", (zone) => {
    expect(faultsOf(() => fromContext({ zones: ["us-east-1a", zone] }))).toEqual([
      `setting zones = ${zone}: is no zone of region us-east-1; use ones like us-east-1a`,
    ]);
  });

  it("must be of the region", () => {
    expect(faultsOf(() => fromContext({ region: "eu-west-1", zones: ["eu-west-1a", "us-east-1b"] }))).toEqual(
      ["setting zones = us-east-1b: is no zone of region eu-west-1; use ones like eu-west-1a"],
    );
  });
});
