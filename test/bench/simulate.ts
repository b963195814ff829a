import { longTheory } from "./simulate/long-theory";
import { measureMemory, measureSpeed } from "./simulate/speed";
import { compareWithSimfaas } from "./simulate/simfaas";

/**
 * How fast the simulation is, whether its time grows with the requests and its memory does not, and whether it agrees with
 * queueing theory at loads that take too long for the unit tests, and with simfaas. Times are CPU time, which other
 * work on the machine disturbs least. Fails where a limit is missed.
 */
async function main(): Promise<void> {
  const faults = [...measureSpeed(), ...measureMemory(), ...longTheory(), ...(await compareWithSimfaas())];
  for (const fault of faults) process.stdout.write(`MISSED: ${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}

void main();
