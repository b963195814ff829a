import { UserError } from "../profiles/errors";
import { terminalText } from "./terminal-text";

/**
 * Runs a command: a user's mistake ends it with its message alone and status 2, anything else that goes wrong with
 * status 1.
 */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    const expected = error instanceof UserError;
    process.stderr.write(`${terminalText((error as Error).message)}\n`);
    if (process.env.LOF_DEBUG && !expected) process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode = expected ? 2 : 1;
  }
}
