import * as fs from "node:fs";
import { ensureProvider, packageName } from "../../local/tools/provider";
import { ensureTerraform } from "../../local/tools/terraform";
import type { Terraform } from "../../local/tools/terraform";
import { fakeSystem, ownCacheDir, silenceProgress } from "./fake-system";

const stderr = silenceProgress();
const cache = ownCacheDir();

describe("ensureTerraform", () => {
  const path = { terraform: "/bin/terraform", tofu: "/bin/tofu" };
  const both = {
    "/bin/terraform version": "Terraform v1.11.4\non linux_amd64",
    "/bin/tofu version": "OpenTofu v1.10.6\n",
  };

  test("finds Terraform, and makes CDKTF use it", async () => {
    expect(await ensureTerraform(fakeSystem({ path, answers: both }))).toEqual({
      bin: "/bin/terraform",
      version: "1.11.4",
      product: "terraform",
      env: { TERRAFORM_BINARY_NAME: "/bin/terraform" },
    });
  });

  test("takes OpenTofu when Terraform is too old", async () => {
    const answers = { ...both, "/bin/terraform version": "Terraform v1.9.8" };
    expect(await ensureTerraform(fakeSystem({ path, answers }))).toMatchObject({
      bin: "/bin/tofu",
      product: "tofu",
    });
  });

  test("TERRAFORM_BINARY_NAME names the one to use", async () => {
    const system = fakeSystem({ path, answers: both, env: { TERRAFORM_BINARY_NAME: "tofu" } });
    expect(await ensureTerraform(system)).toMatchObject({ version: "1.10.6", product: "tofu" });
  });

  test.each([
    ["nothing", {}, /there is no terraform on PATH and there is no tofu on PATH/],
    [
      "an old one",
      { path: { terraform: "/bin/terraform" }, answers: { "/bin/terraform": "Terraform v1.5.7" } },
      /\/bin\/terraform is 1\.5\.7/,
    ],
    ["a broken one", { path: { terraform: "/bin/terraform" } }, /\/bin\/terraform is broken/],
  ])("with %s it says how to get one", async (_, machine, message) => {
    const failing = ensureTerraform(fakeSystem(machine));
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.toThrow(/1\.10 or newer is needed.*Get one from/);
  });
});

describe("ensureProvider", () => {
  const terraform: Terraform = { bin: "/bin/terraform", version: "1.11.4", product: "terraform", env: {} };
  const tofu: Terraform = { ...terraform, bin: "/bin/tofu", product: "tofu" };
  const noBuild = (): Promise<void> => Promise.reject(new Error("must not build"));
  const unreachable = { "/bin/terraform init": { status: 1, stderr: "could not connect to the registry" } };
  const reachable = {
    "/bin/terraform init": { status: 1, stderr: "no available releases\nmatch the given constraints 0.0.0" },
  };

  const mirror = (host = "registry.terraform.io"): string => {
    fs.mkdirSync(cache.path("mirror", host, "hashicorp", "aws"), { recursive: true });
    fs.writeFileSync(cache.path("mirror", host, "hashicorp", "aws", packageName()), "zip");
    return cache.path("mirror");
  };
  const configOf = (env: Readonly<Record<string, string>>): string =>
    fs.readFileSync(env.TF_CLI_CONFIG_FILE ?? "", "utf8");

  test("a CLI configuration of the user's own wins", async () => {
    const env = { TF_CLI_CONFIG_FILE: "/own.tfrc", LOF_TERRAFORM_MIRROR: mirror() };
    const provider = await ensureProvider(terraform, fakeSystem({ env, files: ["/own.tfrc"] }), noBuild);
    expect(provider).toMatchObject({
      env: { TF_CLI_CONFIG_FILE: "/own.tfrc" },
      cdktfFlags: ["--skip-provider-lock"],
    });
  });

  test("unless it names a file that does not exist", async () => {
    const env = { TF_CLI_CONFIG_FILE: "/missing.tfrc" };
    const provider = await ensureProvider(terraform, fakeSystem({ env, answers: reachable }), noBuild);
    expect(provider.env).toEqual({ TF_CLI_CONFIG_FILE: "" });
    expect(stderr.text()).toContain("/missing.tfrc, which does not exist");
  });

  test("a mirror that the user names is used without asking the registry", async () => {
    const system = fakeSystem({ env: { LOF_TERRAFORM_MIRROR: mirror() } });
    const provider = await ensureProvider(terraform, system, noBuild);
    expect(configOf(provider.env)).toContain(`path = "${mirror()}"`);
    expect(provider.cdktfFlags).toEqual(["--skip-provider-lock"]);
    expect(system.commands).toEqual([]);
  });

  test("a mirror without the provider is an error that says so", async () => {
    const env = { LOF_TERRAFORM_MIRROR: cache.path("empty") };
    await expect(ensureProvider(terraform, fakeSystem({ env }), noBuild)).rejects.toThrow(
      /has no provider hashicorp\/aws/,
    );
  });

  test("OpenTofu gets a mirror under its own registry's name", async () => {
    const provider = await ensureProvider(
      tofu,
      fakeSystem({ env: { LOF_TERRAFORM_MIRROR: mirror() } }),
      noBuild,
    );
    const used = cache.path("terraform-mirror-tofu");
    expect(configOf(provider.env)).toContain(`path = "${used}"`);
    expect(fs.readdirSync(`${used}/registry.opentofu.org/hashicorp/aws`)).toEqual([packageName()]);
  });

  test("a mirror that has both registries serves OpenTofu as it is", async () => {
    mirror();
    const env = { LOF_TERRAFORM_MIRROR: mirror("registry.opentofu.org") };
    expect(configOf((await ensureProvider(tofu, fakeSystem({ env }), noBuild)).env)).toContain(
      `path = "${mirror()}"`,
    );
  });

  test("where the registry answers, nothing is built", async () => {
    const provider = await ensureProvider(terraform, fakeSystem({ answers: reachable }), noBuild);
    expect(provider).toMatchObject({ cdktfFlags: [], source: "the registry" });
  });

  test("else the provider is built into a mirror, and the registry is asked once", async () => {
    const built: string[] = [];
    const build = (zip: string): Promise<void> => {
      built.push(zip);
      fs.mkdirSync(cache.path("terraform-mirror/registry.terraform.io/hashicorp/aws"), { recursive: true });
      fs.writeFileSync(zip, "zip");
      return Promise.resolve();
    };
    const system = fakeSystem({ answers: unreachable });
    const provider = await ensureProvider(terraform, system, build);
    expect(built).toEqual([
      cache.path("terraform-mirror/registry.terraform.io/hashicorp/aws", packageName()),
    ]);
    expect(configOf(provider.env)).toContain(`path = "${cache.path("terraform-mirror")}"`);
    expect(provider.cdktfFlags).toEqual(["--skip-provider-lock"]);
  });

  test("a provider that was built before is used without asking", async () => {
    const zip = cache.path("terraform-mirror/registry.terraform.io/hashicorp/aws", packageName());
    fs.mkdirSync(cache.path("terraform-mirror/registry.terraform.io/hashicorp/aws"), { recursive: true });
    fs.writeFileSync(zip, "zip");
    const system = fakeSystem({ files: [zip] });
    await ensureProvider(terraform, system, noBuild);
    expect(system.commands).toEqual([]);
  });
});
