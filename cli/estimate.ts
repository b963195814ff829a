import { basename, dirname } from "node:path";
import type { Command } from "commander";
import { estimateCost } from "../estimate/cost/estimate-cost";
import { readResources } from "../estimate/resources/read";
import { loadWorkload } from "../estimate/workload/load";
import { terminalText } from "../local/terminal-text";
import { runCommand } from "../local/run-command";
import type { CostCommandOptions } from "./cost-options";
import { addCostOptions, hoursOf } from "./cost-options";
import { costTable, lineTable } from "./cost-table";
import { examples } from "./examples";

export function addEstimateCommand(program: Command): void {
  const command = program
    .command("estimate")
    .description("what Terraform resources cost a month under a workload")
    .argument("<file...>", "cdk.tf.json files, or plans as `terraform show -json` prints them");
  addCostOptions(command)
    .option("--by-line", "show every line: quantity x unit price = amount, and its resource")
    .addHelpText(
      "after",
      examples(
        "estimate cdktf.out/stacks/lambda-prod/cdk.tf.json --workload team --by-line",
        "estimate plan.json --workload mine.yaml",
      ),
    )
    .action((files: string[], options: CostCommandOptions & { byLine?: boolean }) =>
      runCommand(async () => {
        const workload = loadWorkload(options.workload);
        const { region, freeTier } = options;
        const hoursPerMonth = hoursOf(options);
        const estimates = files.map((file) => {
          const model = readResources(file);
          const name = model.profile ?? basename(dirname(file));
          return { name, file, estimate: estimateCost(model, workload, { region, freeTier, hoursPerMonth }) };
        });
        const text = options.json
          ? JSON.stringify(
              estimates.map(({ name, file, estimate }) => ({
                profile: name,
                file,
                workload: workload.name,
                ...estimate,
              })),
              null,
              2,
            )
          : terminalText(
              options.byLine
                ? estimates.map((each) => lineTable(each, workload)).join("\n\n\n")
                : costTable(estimates, workload),
            );
        process.stdout.write(`${text}\n`);
      }),
    );
}
