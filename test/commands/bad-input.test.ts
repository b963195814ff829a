import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../cli/main";
import { captured } from "../support/command";

const folder = mkdtempSync(join(tmpdir(), "bad-input-"));
afterAll(() => rmSync(folder, { recursive: true }));

const good = {
  name: "mine",
  summary: "A profile of my own",
  services: { api: { runtime: "lambda" } },
  ingress: { kind: "apiGateway" },
  routes: [{ path: "/*", to: "api" }],
};

/** A file with one profile, or with any text. */
function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly lines: string[];
}

function node(args: readonly string[], env: Record<string, string> = {}): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  return { status, stdout, lines: stderr.trimEnd().split("\n") };
}

/** The command line in this process: the same code as the executable's, without its start. */
async function command(...args: string[]): Promise<Result> {
  const { status, stdout, stderr } = await captured(() => main(args));
  return { status, stdout, lines: stderr.trimEnd().split("\n") };
}
const synth = (env: Record<string, string>) => {
  const outdir = join(folder, "cdktf.out");
  const result = node(["--import", "tsx", "main.ts"], { CDKTF_OUTDIR: outdir, ...env });
  return { ...result, written: existsSync(outdir) };
};

describe("commands", () => {
  const cases: [string, () => Promise<Result>, RegExp[]][] = [
    [
      "an unknown profile",
      () => command("profiles", "lambda-pord"),
      [/"lambda-pord" is not known; use one of .*lambda-prod/],
    ],
    [
      "an unknown option",
      () => command("profiles", "--jsn"),
      [/unknown option '--jsn'/, /Did you mean --json/, /--help/],
    ],
    [
      "an unknown command",
      () => command("profile"),
      [/unknown command 'profile'/, /Did you mean profiles/, /--help/],
    ],
    [
      "bad memory",
      () =>
        command(
          "profiles",
          "mine",
          "--file",
          file("memory.json", { ...good, services: { api: { runtime: "lambda", memoryMb: 64 } } }),
        ),
      [/^profile "mine": services\.api\.memoryMb = 64: must be a whole number from 128 to 10240$/],
    ],
    [
      "an illegal pair of cpu and memory",
      () =>
        command(
          "profiles",
          "mine",
          "--file",
          file("pair.json", { ...good, services: { api: { runtime: "fargate", cpu: 256, memoryMb: 4096 } } }),
        ),
      [
        /^profile "mine": services\.api\.memoryMb = 4096: is not sold with cpu 256; use one of 512, 1024, 2048/,
      ],
    ],
    [
      "streaming behind an HTTP API",
      () =>
        command(
          "profiles",
          "mine",
          "--file",
          file("streaming.json", { ...good, services: { api: { runtime: "lambda", streaming: true } } }),
        ),
      [
        /^profile "mine": services\.api\.streaming = true: does not work here: an HTTP API .* use Fargate behind an ALB/,
      ],
    ],
    [
      "a cold start that an HTTP API does not wait for",
      () =>
        command(
          "profiles",
          "mine",
          "--file",
          file("start.json", { ...good, container: { startupSeconds: 42 } }),
        ),
      [
        /^profile "mine": container\.startupSeconds = 42: is a cold start of 42 s behind an HTTP API, which gives up after 30 s/,
      ],
    ],
    [
      "malformed JSON",
      () => command("profiles", "--file", file("broken.json", "{")),
      [/broken\.json": is not valid JSON/],
    ],
    [
      "malformed YAML",
      () => command("profiles", "--file", file("broken.yaml", "a: [")),
      [/broken\.yaml": is not valid YAML/],
    ],
    [
      "a file that is not there",
      () => command("profiles", "--file", "no.json"),
      [/"no\.json": can't be read/],
    ],
    [
      "a profile that the local AWS can't have",
      () => command("local", "deploy", "fargate-api"),
      [/^profile "fargate-api": .*VPC link.*aws_apigatewayv2_vpc_link.*fargate-sse$/],
    ],
    [
      "a backend that there is not",
      () => command("image", "build", "--backend", "tensorflow"),
      [/--backend = "tensorflow": must be one of onnx, torch, lexical/],
    ],
    [
      "a folder of documents that there is not",
      () => command("image", "build", "--documents", "/nowhere"),
      [/--documents = "\/nowhere": must be a folder, and there is none/],
    ],
    [
      "an architecture that there is not",
      () => command("image", "build", "--architecture", "mips"),
      [/--architecture = "mips": must be x86_64 or arm64/],
    ],
  ];

  const severalFaults = () =>
    command(
      "profiles",
      "mine",
      "--file",
      file(
        "several.yaml",
        "name: mine\nsummary: x\ncontainer: { port: 8080 }\nservices: { api: { runtime: lambda, memoryMb: 1, colour: red } }\ningress: { kind: alb }\nroutes: []\n",
      ),
    );

  it.each(cases)("%s: status 2, one message, nothing on standard output", async (_, run, messages) => {
    const { status, stdout, lines } = await run();
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(lines).toHaveLength(messages.length);
    messages.forEach((message, i) => expect(lines[i]).toMatch(message));
  });

  it("several faults together: one line each, and no other", async () => {
    const { lines } = await severalFaults();
    expect(lines).toHaveLength(5);
  });

  it("several faults together: status 2, one line each, nothing on standard output", async () => {
    const { status, stdout, lines } = await severalFaults();
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    for (const message of [
      /^profile "mine": services\.api\.memoryMb = 1: must be a whole number from 128 to 10240$/,
      /^profile "mine": services\.api\.colour = "red": is not a known field; `npx lambda-or-fargate profiles lambda-prod` shows the fields of a profile$/,
      /^profile "mine": container\.port = 8080: is taken by Lambda's own processes/,
      /^profile "mine": services\.api = "api": has no route; /,
      /^profile "mine": routes = "": has no route for everything else; /,
    ]) {
      expect(lines.filter((line) => message.test(line))).toHaveLength(1);
    }
  });
});

it("gives the executable's exit status", () => {
  expect(node(["bin/lambda-or-fargate.mjs", "profiles", "lambda-pord"]).status).toBe(2);
  expect(node(["bin/lambda-or-fargate.mjs", "--help"]).status).toBe(0);
});

describe("synth", () => {
  const uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app";
  const cases: [string, Record<string, string>, RegExp[]][] = [
    [
      "a tag instead of a digest",
      { LOF_IMAGE: `${uri}:v1`, LOF_ONLY: "lambda-prod" },
      [/^profile "lambda-prod": setting image = ".*:v1": is a tag, .* Use the digest/],
    ],
    [
      "an image that is not in ECR",
      { LOF_IMAGE: "nginx" },
      [/^setting image \(from LOF_IMAGE\) = "nginx": must be a private ECR image by digest/],
    ],
    [
      "an image of the context that is not in ECR",
      { CDKTF_CONTEXT_JSON: '{"image":"nginx"}' },
      [/^setting context "image" of cdktf\.json = "nginx": must be a private ECR image by digest/],
    ],
    [
      "a certificate without its host name",
      { LOF_CERTIFICATE_ARN: "arn:aws:acm:us-east-1:123456789012:certificate/a" },
      [/^setting domain is missing: certificateArn needs .* set LOF_DOMAIN$/],
    ],
    [
      "a missing setting",
      { LOF_STATE_BACKEND: "s3" },
      [/^setting stateBucket is missing: .* LOF_STATE_BUCKET/],
    ],
    [
      "a bad region",
      { AWS_REGION: "Frankfurt" },
      [/^setting region \(from AWS_REGION\) = "Frankfurt": must be an AWS region/],
    ],
    ["malformed context", { CDKTF_CONTEXT_JSON: "{" }, [/^CDKTF_CONTEXT_JSON: is not valid JSON/]],
    [
      "two faults at once",
      { LOF_VPC_ID: "vpc-1a", LOF_ZONES: "us-east-1a" },
      [
        /^setting zones \(from LOF_ZONES\) = "us-east-1a": must name at least two zones, each once$/,
        /^setting publicSubnetIds is missing/,
      ],
    ],
    ["an unknown profile", { LOF_ONLY: "lambda-pord" }, [/"lambda-pord" is not known/]],
  ];

  it.each(cases)("%s: status 2, the message, and nothing is written", (_, env, messages) => {
    const { status, lines, written } = synth(env);
    expect({ status, written }).toEqual({ status: 2, written: false });
    expect(lines).toHaveLength(messages.length);
    messages.forEach((message, i) => expect(lines[i]).toMatch(message));
  });

  it("goes on with the other profiles when a broken one is left aside", () => {
    const env = { LOF_PROFILES_FILE: file("broken-profile.json", { ...good, services: {} }) };
    expect(synth(env)).toMatchObject({ status: 2, written: false });
    expect(synth({ ...env, LOF_ONLY: "lambda-dev" })).toMatchObject({ status: 0, written: true });
  });
});
