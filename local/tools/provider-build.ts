/**
 * Builds the AWS provider for Terraform from its Go module, for networks where no Terraform registry is reached.
 *
 * The whole provider takes over an hour on two cores. Only the services that the profiles use are kept; any other
 * resource type is unknown to this build.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { machine, cachePath, run, step } from "./context";
import type { Report, System } from "./context";
import { ensureGo } from "./toolchains";
import type { Toolchain } from "./toolchains";
import { writeZip } from "./zip";

/** The version that is built. */
export const providerVersion = "6.34.0";

/** The services whose resources the build knows (folders in the provider's `internal/service`). */
// prettier-ignore
const providerServices: readonly string[] = [
  "acm", "apigateway", "apigatewayv2", "appautoscaling", "applicationsignals", "budgets", "cloudfront", "cloudwatch",
  "deploy", "dynamodb", "ec2", "ecr", "ecs", "efs", "elbv2", "events", "iam", "kms", "lambda", "logs", "meta",
  "organizations", "route53", "s3", "s3control", "scheduler", "secretsmanager", "servicediscovery", "sns", "sqs",
  "ssm", "sts", "synthetics", "wafv2", "xray",
];

const declaredModule = "github.com/hashicorp/terraform-provider-aws";
// A fork that adds one package and is published as a Go module; its go.mod still declares the name above.
const publishedModule = "github.com/upbound/terraform-provider-aws v0.0.0-20260305123303-f7691456b787";
const goMod = `module lambda-or-fargate.invalid/provider

go 1.25

require ${declaredModule} v0.0.0

replace ${declaredModule} => ${publishedModule}
`;
// It is not in Go's checksum database: these lines hold the download to the source that was reviewed.
const goSum = `${publishedModule} h1:dJlp2eNgY/iVKTPINdguYlHbHc9CtXBZKmQmqYq0REs=
${publishedModule}/go.mod h1:WOPLTXSK2ZhAuuLIh2EVZ9zWib65hkmw1XLc227hsuQ=
`;

/**
 * Builds the provider into a zip file in the packed layout of a filesystem mirror. Needs about 6 GB of disk
 * for Go's caches, and 4 GB of memory.
 * @param zipFile where it goes; written in one piece at the end
 */
export async function buildProvider(zipFile: string, system: System = machine): Promise<void> {
  const go = await ensureGo(system);
  const source = cachePath("provider-source", "module");
  const removeSource = (): void => fs.rmSync(path.dirname(source), { recursive: true, force: true });

  await step("Downloading the AWS provider's source", async () => {
    removeSource();
    const module = await downloadModule(go, system);
    copyWritable(module, source);
  });
  await step("Building the AWS provider (about 8 min on two cores)", async (report) => {
    cutDown(source, providerServices);
    const binary = cachePath("provider-source", `terraform-provider-aws_v${providerVersion}_x5`);
    await compile(go, source, binary, report, system);
    fs.mkdirSync(path.dirname(zipFile), { recursive: true });
    const partial = `${zipFile}.partial`;
    writeZip(partial, path.basename(binary), fs.readFileSync(binary));
    fs.renameSync(partial, zipFile);
  });
  removeSource();
}

/** @returns the module's folder in Go's module cache */
async function downloadModule(go: Toolchain, system: System): Promise<string> {
  const folder = cachePath("provider-source", "download");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "go.mod"), goMod);
  fs.writeFileSync(path.join(folder, "go.sum"), goSum);
  const answer = await run(system, go.bin, ["mod", "download", "-json", declaredModule], {
    cwd: folder,
    env: { ...go.env, GOFLAGS: "-mod=mod", GOWORK: "off" },
  });
  return (JSON.parse(answer) as { Dir: string }).Dir;
}

/** Copies what the build reads. The module cache is read-only, and Go refuses to overlay files in it. */
function copyWritable(from: string, to: string): void {
  const top = ["go.mod", "go.sum", "main.go", "internal", "names", "version"];
  for (const entry of top) {
    fs.cpSync(path.join(from, entry), path.join(to, entry), {
      recursive: true,
      filter: (file) => !file.endsWith("_test.go") && path.basename(file) !== "testdata",
    });
  }
  for (const folder of [to, ...foldersIn(to)]) fs.chmodSync(folder, 0o755);
  for (const file of [registrationFile, clientsFile]) fs.chmodSync(path.join(to, file), 0o644);
}

function foldersIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

const registrationFile = "internal/provider/sdkv2/service_packages_gen.go";
const clientsFile = "internal/conns/awsclient_gen.go";

/** Leaves only the given services, and the client functions that they call, in the two generated registration files. */
export function cutDown(source: string, services: readonly string[]): void {
  rewrite(path.join(source, registrationFile), (text) => keepServices(text, services));
  const called = clientFunctionsCalled(source);
  rewrite(path.join(source, clientsFile), (text) => keepClients(text, called));
}

function rewrite(file: string, change: (text: string) => string): void {
  fs.writeFileSync(file, change(fs.readFileSync(file, "utf8")));
}

/** Keeps the imports and registrations of the given services. */
export function keepServices(text: string, services: readonly string[]): string {
  const keep = new Set(services);
  return text
    .split("\n")
    .filter((line) => {
      const service = /internal\/service\/(\w+)"|^\t+(\w+)\.ServicePackage\(ctx\),/.exec(line);
      return service === null || keep.has(service[1] ?? service[2] ?? "");
    })
    .join("\n");
}

/** Keeps the given client functions ("ECSClient"), and the imports that they need. */
export function keepClients(text: string, functions: ReadonlySet<string>): string {
  const packages = new Set<string>();
  const kept = text.replace(
    /^func \(c \*AWSClient\) (\w+)\([^)]*\) \*(\w+)\.Client \{\n[^}]*\}\n\n?/gm,
    (code, name: string, sdkPackage: string) => {
      if (!functions.has(name)) return "";
      packages.add(sdkPackage);
      return code;
    },
  );
  return kept.replace(
    /^\t"github\.com\/aws\/aws-sdk-go-v2\/service\/(\w+)"\n/gm,
    (line, sdkPackage: string) => (packages.has(sdkPackage) ? line : ""),
  );
}

/** The names of all functions "...Client" that anything reachable from main.go calls. */
function clientFunctionsCalled(source: string): Set<string> {
  const called = new Set<string>();
  const seen = new Set<string>();
  const waiting = ["."];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    for (const text of goFilesIn(source, folder)) {
      for (const match of text.matchAll(/\b(\w+Client)\(/g)) called.add(match[1] ?? "");
      waiting.push(
        ...importsIn(text)
          .filter(isOwnPackage)
          .map((name) => name.slice(declaredModule.length + 1)),
      );
    }
  }
  return called;
}

function isOwnPackage(imported: string): boolean {
  return imported.startsWith(`${declaredModule}/`);
}

function goFilesIn(source: string, folder: string): string[] {
  return fs
    .readdirSync(path.join(source, folder))
    .filter((name) => name.endsWith(".go") && path.join(folder, name) !== clientsFile)
    .map((name) => fs.readFileSync(path.join(source, folder, name), "utf8"));
}

function importsIn(text: string): string[] {
  const block = /^import \(\n([\s\S]*?)^\)/m.exec(text)?.[1] ?? /^import .*$/m.exec(text)?.[0] ?? "";
  return [...block.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
}

async function compile(
  go: Toolchain,
  source: string,
  binary: string,
  report: Report,
  system: System,
): Promise<void> {
  const flags = `-s -w -X ${declaredModule}/version.ProviderVersion=${providerVersion}`;
  const options = { cwd: source, env: { ...go.env, CGO_ENABLED: "0", GOWORK: "off" } };
  const all = await run(system, go.bin, ["list", "-deps", "."], options);
  const total = all.split("\n").length;
  let compiled = 0;
  // With -v each compiled package is one line of standard error. What is wrong stands on lines of another form.
  const problems: string[] = [];
  const onLine = (line: string): void => {
    if (/^[\w./~-]+$/.test(line)) report(`${++compiled} of ${total} packages`);
    else problems.push(line);
  };
  const args = ["build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", binary, "."];
  const { status } = await system.attempt(go.bin, args, { ...options, onLine });
  if (status !== 0)
    throw new Error(`go build of the AWS provider failed:\n${problems.slice(0, 15).join("\n")}`);
}
