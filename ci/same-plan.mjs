// Compares two plans, as `terraform show -json` prints them: the same configuration, and the same change of every resource
// and output. Status 1 and what differs, by address and without values, when they are not the same.
// Plain JavaScript without dependencies: it runs where the credentials of a deployment are.
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

const [reviewed, now] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));
const changes = (plan) =>
  new Map([
    ...(plan.resource_changes ?? []).map((change) => [change.address, change]),
    ...Object.entries(plan.output_changes ?? {}).map(([name, change]) => [`output ${name}`, change]),
  ]);
const [before, after] = [changes(reviewed), changes(now)];

const differences = [...new Set([...before.keys(), ...after.keys()])].filter(
  (address) => !isDeepStrictEqual(before.get(address), after.get(address)),
);
for (const part of ["configuration", "variables", "terraform_version", "applyable", "complete"]) {
  if (!isDeepStrictEqual(reviewed[part], now[part])) differences.push(part);
}
for (const difference of differences) console.log(`differs from the reviewed plan: ${difference}`);
process.exitCode = differences.length > 0 ? 1 : 0;
