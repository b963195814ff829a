import { rmSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../cli/main";
import { ask, digest, streamedText } from "../../local/ask";
import type { Outputs } from "../../local/deploy";
import { deploy, deployAfresh, deployedNames, destroy, localTerraform } from "../../local/deploy";
import { isDeployable } from "../../local/differences";
import { buildLocalImage } from "../../local/image";
import { captured } from "../support/command";
import { describeLoad, underLoad } from "../support/load";
import { localAwsEnvironment, localDirectory, localOutput, localRegion } from "../../local/settings";
import { machine, run } from "../../local/tools/context";
import type { Docker } from "../../local/tools/docker";
import { ensureDocker } from "../../local/tools/docker";
import { ensureMinistack, startMinistack, stopMinistack } from "../../local/tools/ministack";
import { loadProfiles } from "../../profiles/load";
import type { Profile } from "../../profiles/schema";

const minutes = 60_000;
/** One of each kind of front door, and of each way to put services behind it; the others differ in options only. */
const names = ["lambda-prod", "lambda-split", "lambda-stream", "lambda-alb", "fargate-sse", "hybrid"];
const profiles = loadProfiles().filter(({ name }) => names.includes(name));
const question = "May soldiers be quartered in a house in time of peace?";

let docker: Docker;
let images: { first: string; second: string };
let before: string[];
let outputs: Readonly<Record<string, Outputs>>;

beforeAll(async () => {
  docker = await ensureDocker();
  // Searching by words starts quickest: under load a function runs a container for each parallel call.
  images = {
    first: await buildLocalImage(docker, "first", "lexical"),
    second: await buildLocalImage(docker, "second", "lexical"),
  };
  await startMinistack(docker);
  // Of an empty one: each local AWS begins with the same.
  before = await inventory();
}, 40 * minutes);

afterAll(async () => {
  await stopMinistack(docker);
  rmSync(localDirectory, { recursive: true, force: true });
}, 2 * minutes);

it("covers every pair of runtime and front door that the local AWS has", () => {
  const pair = ({ ingress, services }: Profile) =>
    Object.values(services).map(
      ({ runtime }) => `${runtime} behind ${ingress.kind === "alb" ? "alb" : ingress.protocol}`,
    );
  const covered = new Set(profiles.flatMap(pair));
  expect(covered).toEqual(new Set(loadProfiles().filter(isDeployable).flatMap(pair)));
});

it("a call that is tried again is carried out once, also while its first try goes on", async () => {
  const call = async (id: string, action: string) => {
    const response = await fetch(localAwsEnvironment().AWS_ENDPOINT_URL!, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${localRegion}/ec2/aws4_request`,
        "amz-sdk-invocation-id": id,
      },
      body: `Action=${action}&Version=2016-11-15`,
    });
    return /igw-\w+/.exec(await response.text())?.[0] ?? "no gateway";
  };
  const create = "CreateInternetGateway";
  const [first, meanwhile] = await Promise.all([call("one", create), call("one", create)]);
  const later = await call("one", create);
  const another = await call("two", create);
  expect(first).toMatch(/^igw-/);
  expect([meanwhile, later]).toEqual([first, first]);
  expect(another).not.toBe(first);
  const made = (await inventory()).filter((name) => !before.includes(name));
  expect(made).toEqual([first, another].sort().map((id) => `ec2.describe_internet_gateways: ${id}`));
  for (const id of [first, another]) {
    await call(`delete ${id}`, `DeleteInternetGateway&InternetGatewayId=${id}`);
  }
  expect(await inventory()).toEqual(before);
}, 60_000);

it(
  "deploys every profile with cdktf and the real provider",
  async () => {
    ({ outputs } = await deployAfresh(docker, names, images.first));
    for (const { name, services } of profiles) {
      const runtime = Object.values(services)
        .map((service) => service.runtime)
        .join();
      expect(outputs[name]).toMatchObject({ image: images.first, runtime });
    }
  },
  15 * minutes,
);

describe.each(names)("%s", (name) => {
  it("answers through its front door, with the image that was deployed", async () => {
    const health = await ask(outputs[name]!.url, "/models");
    expect(health.status).toBe(200);
    expect(await versionOf(name)).toBe("first");
  }, 60_000);

  it("finds the passage that answers a question", async () => {
    const { status, body } = await ask(outputs[name]!.url, "/retrieve", { query: question, limit: 3 });
    expect(status).toBe(200);
    const { data } = JSON.parse(body) as { data: { content: string }[] };
    expect(data[0]!.content).toContain("No Soldier shall, in time of peace be quartered in any house");
  }, 60_000);

  it("hands on an error with its status and text", async () => {
    const { status, body } = await ask(outputs[name]!.url, "/retrieve", { limit: 3 });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(JSON.parse(body)).toHaveProperty("error.message");
  }, 60_000);

  it("plans no change afterwards", async () => {
    expect(await plannedChanges(name, images.first)).toEqual([]);
  }, 120_000);
});

it("gives the same answers on every runtime and front door", async () => {
  const digests = new Map<string, string>();
  for (const name of names) {
    const { body } = await ask(outputs[name]!.url, "/retrieve", { query: question });
    digests.set(name, digest(body));
  }
  expect(new Set(digests.values()).size).toBe(1);
}, 120_000);

it("streams in pieces from Fargate behind a load balancer, and at once from Lambda", async () => {
  const chat = {
    messages: [{ role: "user", content: question }],
    stream: true,
    stream_options: { pace_ms: 200 },
  };
  const fargate = await ask(outputs["fargate-sse"]!.url, "/chat", chat);
  const lambda = await ask(outputs["lambda-prod"]!.url, "/chat", chat);
  expect(streamedText(fargate.body)).not.toBe("");
  expect(streamedText(fargate.body)).toBe(streamedText(lambda.body));
  // The server waits 200 ms between pieces, so pieces that come as they are sent come apart.
  expect(spread(fargate.piecesMs)).toBeGreaterThan(150);
  expect(spread(lambda.piecesMs)).toBeLessThan(150);
}, 120_000);

it("logs of lambda-prod tell exactly the environments that were started, by Docker's own list", async () => {
  // GIVEN environments that are there before, whose requests lie a second and more back
  const before = await environments("local-lambda-prod-api");
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const since = new Date().toISOString();
  // WHEN more requests come at once than there are environments
  const requests = before.length + 3;
  const answers = await Promise.all(
    Array.from({ length: requests }, () => ask(outputs["lambda-prod"]!.url, "/models")),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(requests).fill(200));
  // THEN
  const started = (await environments("local-lambda-prod-api")).filter((id) => !before.includes(id));
  expect(started.length).toBeGreaterThan(0);
  const { stdout } = await captured(() =>
    main(["cold-starts", "lambda-prod", "--local", "--since", since, "--json"]),
  );
  const { logs } = JSON.parse(stdout) as { logs: { requests: number }[] };
  // A ping that keeps one warm may have come too.
  expect(logs[0]!.requests).toBeGreaterThanOrEqual(requests);
  expect(logs).toEqual([
    expect.objectContaining({
      log: "/aws/lambda/local-lambda-prod-api",
      coldStarts: expect.objectContaining({ count: started.length }),
      environments: expect.objectContaining({ started: started.length }),
      phases: expect.objectContaining({ starts: started.length }),
    }),
  ]);
}, 120_000);

describe("another image", () => {
  it.each(names)(
    "changes only the version or the task definition of %s, and what depends on it",
    async (name) => {
      const changes = await plannedChanges(name, images.second);
      const expected = outputs[name]!.runtime.split(",").flatMap((runtime) =>
        runtime === "lambda"
          ? ["aws_lambda_alias: update", "aws_lambda_function: update"]
          : ["aws_ecs_service: update", "aws_ecs_task_definition: create, delete"],
      );
      expect(changes).toEqual(expected.sort());
    },
    120_000,
  );

  it(
    "is deployed under five requests a second: none fails on Lambda, none at a task that leaves",
    async () => {
      const busy = ["lambda-alb", "fargate-sse"] as const;
      const [alb, sse] = busy.map((name) => outputs[name]!.url) as [string, string];
      const onLambda = await underLoad(alb, "/models", 5, () =>
        underLoad(sse, "/models", 5, async () => {
          await deploy(busy, images.second);
          await Promise.all(busy.map((name) => expectVersion(name, "second")));
        }),
      );
      const loads = { "lambda-alb": onLambda.load, "fargate-sse": onLambda.result.load };
      for (const [name, load] of Object.entries(loads)) {
        process.stderr.write(`  new image on ${name}: ${describeLoad(load)}\n`);
      }
      expect(loads["lambda-alb"].failures).toEqual([]);
      // The local AWS can't roll: it sends requests to a task that does not listen yet (local/differences.ts).
      const others = loads["fargate-sse"].failures.filter(
        ({ what }) => !/connect error.*refused/i.test(what),
      );
      expect(others).toEqual([]);
    },
    10 * minutes,
  );

  it(
    "is deployed everywhere",
    async () => {
      outputs = await deploy(names, images.second);
      for (const name of names) {
        expect(outputs[name]!.image).toBe(images.second);
        await expectVersion(name, "second");
      }
    },
    10 * minutes,
  );
});

it(
  "destroys and leaves nothing",
  async () => {
    // GIVEN much is there, so that the check can fail
    expect((await inventory()).length).toBeGreaterThan(before.length + 30);
    expect((await containers()).length).toBeGreaterThan(0);
    // WHEN
    await destroy(names, images.second);
    // THEN
    expect(deployedNames(names)).toEqual([]);
    expect(await inventory()).toEqual(before);
    expect(await containers()).toEqual([]);
  },
  10 * minutes,
);

async function versionOf(name: string): Promise<string> {
  const { body } = await ask(outputs[name]!.url, "/models");
  return (JSON.parse(body) as { version: string }).version;
}

/** A rolling deployment needs a moment until the last old task is gone. */
async function expectVersion(name: string, version: string): Promise<void> {
  const end = Date.now() + 2 * minutes;
  let last = await versionOf(name);
  while (last !== version && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    last = await versionOf(name).catch((error: Error) => error.message);
  }
  expect([name, last]).toEqual([name, version]);
}

/** What a plan with this image would change, as "type: actions". */
async function plannedChanges(name: string, image: string): Promise<string[]> {
  const { bin, env } = await localTerraform(image);
  await run(machine, process.execPath, ["--import", "tsx", "local/app.ts"], {
    env: { ...env, CDKTF_OUTDIR: localOutput },
  });
  const folder = join(localOutput, "stacks", name);
  await run(machine, bin, [`-chdir=${folder}`, "init", "-input=false", "-no-color"], { env });
  await run(machine, bin, [`-chdir=${folder}`, "plan", "-input=false", "-no-color", "-out=plan.bin"], {
    env,
  });
  const plan = JSON.parse(
    await run(machine, bin, [`-chdir=${folder}`, "show", "-json", "plan.bin"], { env }),
  ) as {
    resource_changes: { type: string; change: { actions: string[] } }[];
    resource_drift?: unknown[];
  };
  return plan.resource_changes
    .filter(({ change }) => change.actions.join() !== "no-op")
    .map(({ type, change }) => `${type}: ${change.actions.join(", ")}`)
    .sort();
}

/** Names of everything that the local AWS holds. */
async function inventory(): Promise<string[]> {
  const { python } = await ensureMinistack();
  return JSON.parse(
    await run(machine, python, ["test/local/inventory.py"], { env: localAwsEnvironment() }),
  ) as string[];
}

/** Running containers of the two images. */
async function containers(): Promise<string[]> {
  const filters = Object.values(images).flatMap((image) => ["--filter", `ancestor=${image}`]);
  const output = await docker.run(["ps", "--quiet", ...filters]);
  return output.split("\n").filter((line) => line !== "");
}

/** Containers that are environments of a function of the local AWS, whether they run or not. */
async function environments(functionName: string): Promise<string[]> {
  const ids = await docker.run([
    "ps",
    "--all",
    "--quiet",
    "--no-trunc",
    "--filter",
    "label=ministack=lambda",
  ]);
  if (ids === "") return [];
  const inspected = JSON.parse(await docker.run(["inspect", ...ids.split("\n")])) as {
    Id: string;
    Config: { Env: string[] };
  }[];
  return inspected
    .filter(({ Config }) => Config.Env.includes(`AWS_LAMBDA_FUNCTION_NAME=${functionName}`))
    .map(({ Id }) => Id);
}

const spread = (piecesMs: readonly number[]) => (piecesMs.at(-1) ?? 0) - (piecesMs[0] ?? 0);
