import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { InputError, whyUnreadable } from "../../profiles/errors";
import { readPlan } from "./plan";
import { planSchema } from "./plan-schema";
import type { ResourceModel } from "./resource";
import { readSynth } from "./synth";

const wanted =
  "give a cdk.tf.json, or a plan: terraform plan -out=plan.bin && terraform show -json plan.bin > plan.json";

/**
 * Reads the resources of a `cdk.tf.json` or of a plan from `terraform show -json`.
 *
 * @throws InputError with one message: can't be read, not JSON, a state, another format version, neither of both
 */
export function readResources(file: string): ResourceModel {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const made = file.endsWith("cdk.tf.json")
      ? "; `LOF_OFFLINE=true npx cdktf synth` writes those of all profiles"
      : "";
    throw new InputError([`${file}: can't be read (${whyUnreadable(error)})${made}`]);
  }
  // `terraform plan -out` writes a ZIP archive.
  if (bytes.subarray(0, 4).equals(Buffer.from("PK\x03\x04"))) {
    throw new InputError([`${file}: is a binary plan; ${wanted}`]);
  }
  let json: unknown;
  try {
    json = JSON.parse(textOf(bytes));
  } catch (error) {
    throw new InputError([
      `${file}: is not JSON (${(error as Error).message.replace(/\s+/g, " ")}); ${wanted}`,
    ]);
  }
  const model = parseResources(json, file);
  return { ...model, profile: model.profile ?? basename(dirname(resolve(file))) };
}

/**
 * The same for JSON that is read already.
 *
 * @param label where it is from, for messages
 */
export function parseResources(json: unknown, label: string): ResourceModel {
  const fault = (problem: string) => new InputError([`${label}: ${problem}; ${wanted}`]);
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw fault("is neither a plan nor Terraform JSON, but no object at all");
  }
  if ("serial" in json && "lineage" in json) throw fault("is a Terraform state, not a plan");
  if (!("format_version" in json)) {
    if ("resource" in json || "terraform" in json || "module" in json) {
      return readSynth(json as Record<string, unknown>);
    }
    throw fault("is neither a plan nor Terraform JSON");
  }
  const version = json.format_version;
  if (typeof version !== "string" || !/^1\.\d+$/.test(version)) {
    throw new InputError([
      `${label}: format_version = ${JSON.stringify(version)}: only plans of format 1.x can be read`,
    ]);
  }
  if (!("planned_values" in json)) throw fault("is a Terraform state (no planned_values), not a plan");
  const plan = planSchema.safeParse(json);
  if (!plan.success) {
    const [issue] = plan.error.issues;
    throw fault(`is not a plan that can be read: ${issue!.path.join(".")}: ${issue!.message}`);
  }
  if (plan.data.errored) throw fault("is a plan that ended with an error, so resources may be missing");
  return readPlan(plan.data);
}

/** PowerShell's `>` writes UTF-16 with a byte order mark. */
function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString("utf16le");
  const text = bytes.toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
