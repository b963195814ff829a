import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask } from "../../local/ask";
import type { Outputs } from "../../local/deploy";
import { deploy, deployAfresh, destroy } from "../../local/deploy";
import { buildLocalImage } from "../../local/image";
import type { LoadResult } from "../support/load";
import { describeLoad, underLoad } from "../support/load";
import { localDirectory } from "../../local/settings";
import type { Docker } from "../../local/tools/docker";
import { ensureDocker } from "../../local/tools/docker";
import { stopMinistack } from "../../local/tools/ministack";
import { catalog } from "../../profiles/catalog";
import type { ProfileInput } from "../../profiles/schema";

const minutes = 60_000;
const name = "moving";
const profilesFile = join(localDirectory, "moving.json");
const hybrid = catalog.find((profile) => profile.name === "hybrid")!;

/** `hybrid` with one path more, whose service is the one that moves. */
function moveTo(service: "api" | "streams"): void {
  const profile: ProfileInput = {
    ...hybrid,
    name,
    routes: [...hybrid.routes, { path: "/models", to: service }],
  };
  writeFileSync(profilesFile, JSON.stringify(profile));
}

let docker: Docker;
let image: string;
let outputs: Outputs;

beforeAll(async () => {
  docker = await ensureDocker();
  // Searching by words starts quickest: under load a function runs a container for each parallel call.
  image = await buildLocalImage(docker, "first", "lexical");
  process.env.LOF_PROFILES_FILE = profilesFile;
  moveTo("api");
  outputs = (await deployAfresh(docker, [name], image)).outputs[name]!;
}, 40 * minutes);

afterAll(async () => {
  delete process.env.LOF_PROFILES_FILE;
  await stopMinistack(docker);
  rmSync(localDirectory, { recursive: true, force: true });
}, 2 * minutes);

const serviceOf = async (path: string, body?: unknown) => {
  const { status, headers } = await ask(outputs.url, path, body);
  return [status, headers["x-service"]];
};

describe("hybrid", () => {
  it("answers from both runtimes behind one load balancer, by path", async () => {
    expect(outputs.runtime).toBe("lambda,fargate");
    const question = { messages: [{ role: "user", content: "May soldiers be quartered in a house?" }] };
    expect(await serviceOf("/models")).toEqual([200, "api"]);
    expect(await serviceOf("/retrieve", { query: "soldiers" })).toEqual([200, "api"]);
    expect(await serviceOf("/chat", question)).toEqual([200, "streams"]);
  }, 60_000);

  it.each(["streams", "api"] as const)(
    "moves a route to %s without a failed request, five requests a second",
    async (service) => {
      const { load } = await underLoad(outputs.url, "/models", 5, async () => {
        moveTo(service);
        await deploy([name], image);
      });
      report(`route moved to ${service}`, load);
      expect(load.failures).toEqual([]);
      // THEN both answered, and the new one does in the end
      expect(Object.keys(load.byService).sort()).toEqual(["api", "streams"]);
      expect(await serviceOf("/models")).toEqual([200, service]);
    },
    5 * minutes,
  );

  it(
    "is destroyed",
    async () => {
      await destroy([name], image);
      expect(await ask(outputs.url, "/models").then(({ status }) => status)).not.toBe(200);
    },
    5 * minutes,
  );
});

function report(what: string, load: LoadResult): void {
  process.stderr.write(`  ${what}: ${describeLoad(load)}\n`);
}
