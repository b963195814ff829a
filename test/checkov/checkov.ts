import { machine, run } from "../../local/tools/context";
import { ensureVenv } from "../../local/tools/python";
import type { TerraformJson } from "../support/template";

/** A check that failed, or one that a resource says it can skip. */
export interface Finding {
  /** Address of the resource. */
  readonly address: string;
  /** Id of the check, like CKV_AWS_116. */
  readonly check: string;
  /** What the check asks for, or why it is skipped. */
  readonly text: string;
}

/** What checkov says about one plan. */
export interface PlanReport {
  /** Addresses of what passed a check. */
  readonly passed: readonly string[];
  readonly failed: readonly Finding[];
}

interface CheckovOutput {
  readonly results: Record<"passed_checks" | "failed_checks", readonly CheckovRecord[]>;
  readonly summary: { readonly parsing_errors: number };
}

interface CheckovRecord {
  readonly check_id: string;
  readonly check_name: string;
  readonly file_path: string;
  readonly resource: string;
}

/** Installs checkov. @throws UserError when Python is missing */
export const ensureCheckov = () => ensureVenv("checkov", "test/checkov/requirements.txt");

/**
 * Runs checkov once over all plans of a folder. It asks nothing of the internet and reads no configuration but this.
 *
 * @returns what it says, by the path of the plan below the folder
 */
export async function runCheckov(folder: string): Promise<ReadonlyMap<string, PlanReport>> {
  const { bin } = await ensureCheckov();
  const args = [
    ...["--directory", folder, "--framework", "terraform_plan", "--output", "json", "--compact"],
    // Failed checks are ours to judge; any other status than 0 is then a crash.
    ...["--soft-fail", "--skip-download"],
  ];
  // Without a home folder there are no settings and no account of its platform.
  const env = { HOME: folder, BC_API_KEY: undefined, CKV_CHECK: undefined, CKV_SKIP_CHECK: undefined };
  const output = JSON.parse(
    await run(machine, bin("checkov"), args, { cwd: folder, env }),
  ) as Partial<CheckovOutput>;
  if (output.results === undefined || output.summary?.parsing_errors !== 0) {
    throw new Error(`checkov could not read the plans: ${JSON.stringify(output).slice(0, 500)}`);
  }
  return byPlan(output.results);
}

function byPlan({ passed_checks, failed_checks }: CheckovOutput["results"]): Map<string, PlanReport> {
  const reports = new Map<string, { passed: string[]; failed: Finding[] }>();
  const reportOf = ({ file_path }: CheckovRecord) => {
    const plan = file_path.replace(/^\//, "");
    if (!reports.has(plan)) reports.set(plan, { passed: [], failed: [] });
    return reports.get(plan)!;
  };
  for (const record of passed_checks) reportOf(record).passed.push(record.resource);
  for (const record of failed_checks) {
    const { resource: address, check_id: check, check_name: text } = record;
    reportOf(record).failed.push({ address, check, text });
  }
  return reports;
}

/** The checks that resources say they skip, with their reasons; see modules/skip-checks.ts. */
export function skipsOf({ resource }: TerraformJson): Finding[] {
  return Object.entries(resource).flatMap(([type, byName]) =>
    Object.entries(byName).flatMap(([name, body]) =>
      Object.entries((body["//"]?.checkov ?? {}) as Record<string, string>).map(([check, text]) => ({
        address: `${type}.${name}`,
        check,
        text,
      })),
    ),
  );
}

/** Failed checks that no skip explains, skips that nothing needs, and skips without a sentence that explains them. */
export function judge(failed: readonly Finding[], skips: readonly Finding[]) {
  const isIn = (list: readonly Finding[]) => (one: Finding) =>
    list.some(({ address, check }) => one.address === address && one.check === check);
  return {
    unexplained: failed.filter((one) => !isIn(skips)(one)),
    needless: skips.filter((one) => !isIn(failed)(one)),
    withoutReason: skips.filter(({ text }) => text.trim().split(/\s+/).length < 4),
  };
}
