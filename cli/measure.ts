import type { Command } from "commander";
import { runCommand } from "../local/run-command";
import { note, step } from "../local/tools/context";
import { ensureDocker } from "../local/tools/docker";
import { imageFacts, measureImage } from "../measure/image";
import { describeMachine, requireLinux } from "../measure/machine";
import type { Measurement } from "../measure/measurement";
import { takePrecedence } from "../measure/priority";
import type { Size } from "../measure/size";
import { parseSize } from "../measure/size";
import { summariseSeries } from "../measure/summary";
import { doorOf, measureUrl } from "../measure/url";
import { InputError } from "../profiles/errors";
import type { MeasureOptions } from "./measure-options";
import { bounded, doorGiven, pair, requestOf, spacingOf } from "./measure-options";
import { measureText } from "./measure-table";
import { deploymentOf } from "./measure-target";
import { checkOutFile, writeOutFile } from "./out-file";
import { examples } from "./examples";

export function addMeasureCommand(program: Command): void {
  program
    .command("measure")
    .description(
      "how fast a service answers, warm and cold: of a URL, a deployed profile, or an image in containers of chosen sizes",
    )
    .argument("[target]", "a URL, or the name of a deployed profile")
    .option("--image <image>", "an image that Docker has, in place of a target")
    .option(
      "--size <size...>",
      "2048mb of Lambda, or 1vcpu/2gb of Fargate. With --image: those to measure; else what runs behind the URL",
    )
    .option("--env <name=value...>", "with --image: environment variables")
    .option("--port <port>", "with --image: where it listens (default: its variable AWS_LWA_PORT or PORT)")
    .option(
      "--ready <path>",
      "with --image: answers 200 when it can serve (default: AWS_LWA_READINESS_CHECK_PATH, or /)",
    )
    .option("--starts <n>", "with --image: cold starts of each size, over all rounds", "24")
    .option("--path <path>", "of the request (default: a search of the project's own server, POST /retrieve)")
    .option("--method <method>", "of the request (default: POST with a body, GET without)")
    .option("--header <header...>", '"Name: value"; values are in no file')
    .option("--body <text>", "of the request; @FILE reads a file")
    .option("--rate <n>", "requests a second, sent by the clock whether or not others are answered", "10")
    .option("--seconds <s>", "of load in each round; 0: cold starts alone", "10")
    .option(
      "--spacing <how>",
      "poisson: by chance; even: the same time between them (default: even with --image, else poisson)",
    )
    .option("--rounds <n>", "repetitions; six or more give the medians a 95 % interval", "6")
    .option("--seed <n>", "of the random times", "1")
    .option("--timeout <s>", "without a whole answer for so long, a request has failed", "60")
    .option("--stream", "answers are server-sent events: measure the gaps between them, and cuts")
    .option("--stream-end <text>", "what the last event of a whole stream holds, like [DONE]")
    .option("--cold-after <minutes>", "URL: send nothing for so long before each round, then measure starts")
    .option("--parallel <n>", "URL: requests at once after that, each for an environment of its own", "1")
    .option("--local", "the profile is deployed to the local AWS")
    .option(
      "--door <door>",
      "URL: httpApi, restApi, alb or functionUrl, for calibrate (default: by its name)",
    )
    .option("--precedence", "as root: before all other work of this machine")
    .option("--out <file>", "the measurement, for calibrate", "measurement.json")
    .option("--force", "write over a file that is there")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      examples(
        "measure --image app:1 --size 1024mb 2048mb 3072mb",
        "measure https://api.example.com --path /models --cold-after 20 --parallel 5 --size 2048mb",
        "measure lambda-prod --body @question.json --path /chat --stream",
      ),
    )
    .action((target: string | undefined, options: MeasureOptions) =>
      runCommand(async () => {
        // A mistake is told before the measurement, not after.
        checkOutFile("--out", options.out, options.force ?? false);
        const measurement = await measured(target, options);
        writeOutFile("--out", options.out, `${JSON.stringify(measurement)}\n`);
        process.stdout.write(`${options.json ? json(measurement) : measureText(measurement)}\n`);
        note(
          `The measurement is in ${options.out}; \`npx lambda-or-fargate calibrate ${options.out}\` reads it`,
        );
      }),
    );
}

async function measured(target: string | undefined, options: MeasureOptions): Promise<Measurement> {
  if ((target === undefined) === (options.image === undefined)) {
    throw new InputError(["measure: name a URL or profile, or give --image, and not both"]);
  }
  const common = commonOf(options);
  if (options.image !== undefined) return ofImage(options.image, options, common);
  return ofUrl(target!, options, common);
}

type Common = ReturnType<typeof commonOf>;

function commonOf(options: MeasureOptions) {
  const request = requestOf(options);
  return {
    request,
    rounds: bounded("--rounds", options.rounds, { least: 1, most: 1000, whole: true }),
    load: {
      rate: bounded("--rate", options.rate, { least: 0.01, most: 10_000 }),
      seconds: bounded("--seconds", options.seconds, { least: 0, most: 86_400 }),
      spacing: spacingOf(options.spacing, options.image === undefined ? "poisson" : "even"),
    },
    seed: bounded("--seed", options.seed, { least: 0, most: 2 ** 32 - 1, whole: true }),
    timeoutMs: 1000 * bounded("--timeout", options.timeout, { least: 0.001, most: 3600 }),
    stream:
      options.stream || options.streamEnd !== undefined
        ? { ...(options.streamEnd !== undefined && { lastHolds: options.streamEnd }) }
        : undefined,
    sizes: (options.size ?? []).map(parseSize),
  };
}

async function ofImage(image: string, options: MeasureOptions, common: Common): Promise<Measurement> {
  const { request, sizes } = common;
  if (sizes.length === 0)
    throw new InputError(["--size is missing: give one or more, like --size 1024mb 2048mb 1vcpu/2gb"]);
  const env = Object.fromEntries((options.env ?? []).map((text) => pair("--env", text, "=")));
  const starts = bounded("--starts", options.starts, { least: 1, most: 10_000, whole: true });
  const port = options.port && bounded("--port", options.port, { least: 1, most: 65_535, whole: true });
  requireLinux();
  const docker = await ensureDocker();
  const facts = await imageFacts(docker, image);
  const server = { port: port || facts.port, readyPath: options.ready ?? facts.readyPath, request };
  if (options.precedence) takePrecedence();
  const plan = { ...common, image, server, env, starts, precedence: options.precedence ?? false };
  const title = `Measuring ${image} in ${sizes.map(({ name }) => name).join(", ")}`;
  const series = await step(title, (report) => measureImage(docker, plan, report));
  const cold = { by: "fresh containers" as const, starts: series[0]!.rounds.flatMap((r) => r.cold).length };
  const environment = shownVariables(env);
  return assemble(options, common, cold, series, {
    kind: "image",
    image,
    digests: [...facts.digests],
    environment,
  });
}

/** Values of variables that decide what a start does; of others the names alone, as they may be secret. */
function shownVariables(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, /^(APP_ROLE|BACKEND)$/.test(name) ? value : "(set)"]),
  );
}

async function ofUrl(target: string, options: MeasureOptions, common: Common): Promise<Measurement> {
  const { url, profile, size, door } = await deploymentOf(target, options.local ?? false);
  if (common.sizes.length > 1) {
    throw new InputError(["--size: one alone can be behind a URL; several go with --image"]);
  }
  const behind: Size | undefined = common.sizes[0] ?? size;
  const minutes =
    options.coldAfter === undefined
      ? undefined
      : bounded("--cold-after", options.coldAfter, { least: 0, most: 1440 });
  const parallel = bounded("--parallel", options.parallel, { least: 1, most: 1000, whole: true });
  const idle = minutes === undefined ? undefined : { minutes, parallel };
  const givenDoor = doorGiven(options.door) ?? door ?? doorOf(url);
  if (options.precedence) takePrecedence();
  const series = await step(`Measuring ${url}`, (report) =>
    measureUrl({ ...common, url, size: behind, idle }, report),
  );
  return assemble(options, common, idle ? { by: "idle time", ...idle } : { by: "none" }, series, {
    kind: "url",
    url,
    ...(profile !== undefined && { profile }),
    ...(givenDoor && { door: givenDoor }),
  });
}

function assemble(
  options: MeasureOptions,
  { request, load, rounds }: Common,
  cold: Measurement["method"]["cold"],
  series: Measurement["series"],
  target: Measurement["target"],
): Measurement {
  const { cores, processor, memoryGb, system } = describeMachine();
  return {
    format: 1,
    date: new Date().toISOString(),
    machine: { cores, processor, memoryGb, system },
    target,
    request: {
      method: request.method,
      path: request.path,
      headers: Object.keys(request.headers ?? {}),
      bytes: Buffer.isBuffer(request.body) ? request.body.length : 0,
    },
    method: { ...load, rounds, cold, precedence: options.precedence ?? false },
    series,
  };
}

/** All but the raw samples, which the file has, with what they come to. */
function json({ series, ...rest }: Measurement): string {
  return JSON.stringify({ ...rest, series: series.map(summariseSeries) }, null, 2);
}
