import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseProfile } from "../../profiles/parse";
import type { ProfileInput } from "../../profiles/schema";
import { buildApp } from "../../stacks/app";
import { parseSettings } from "../../stacks/settings";
import type { TerraformJson } from "./template";
import { Template } from "./template";

/** An image that could be deployed, in the default region. */
export const realImage = `123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app@sha256:${"ab".repeat(32)}`;

/** Settings by name, as they stand in the context of cdktf.json; `undefined` leaves the default. */
export type SettingOverrides = Readonly<Record<string, unknown>>;

interface StackManifest {
  readonly name: string;
  readonly annotations: unknown[];
  readonly dependencies: string[];
}

export interface Synthesised {
  /** By stack id. */
  readonly templates: ReadonlyMap<string, Template>;
  readonly manifest: { readonly stacks: Readonly<Record<string, StackManifest>> };
  /** Every file that was written, by its path below the output folder. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * The real way from profiles to files: settings, App, stacks, `synth()`, and back from disk.
 *
 * @param overrides over the defaults and `realImage`
 */
export function synthProfiles(
  inputs: readonly ProfileInput[],
  overrides: SettingOverrides = {},
): Synthesised {
  const context = Object.fromEntries(
    Object.entries({ image: realImage, ...overrides }).filter(([, value]) => value !== undefined),
  );
  const outdir = mkdtempSync(join(tmpdir(), "synth-"));
  try {
    buildApp(parseSettings({ env: {}, context }), inputs.map(parseProfile), outdir).synth();
    const files = new Map<string, string>();
    const read = (file: string) => {
      const text = readFileSync(join(outdir, file), "utf8");
      files.set(file, text);
      return JSON.parse(text) as unknown;
    };
    const manifest = read("manifest.json") as Synthesised["manifest"];
    const templates = new Map(
      Object.keys(manifest.stacks).map((id) => [
        id,
        new Template(read(`stacks/${id}/cdk.tf.json`) as TerraformJson),
      ]),
    );
    return { templates, manifest, files };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The stack of one profile. */
export function synthProfile(input: ProfileInput, overrides: SettingOverrides = {}): Template {
  return synthProfiles([input], overrides).templates.get(input.name)!;
}
