import type { Command } from "commander";
import { CommanderError, InvalidArgumentError } from "commander";

/** Reads a bench's command line. @returns undefined when it asked for help, or was wrong: then with status 2 */
export function readOptions<T extends object>(program: Command, args: readonly string[]): T | undefined {
  try {
    program.exitOverride().showHelpAfterError("(--help shows what is allowed)").allowExcessArguments(false);
    return program.parse([...args], { from: "user" }).opts<T>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return undefined;
  }
}

/** For an option that is a whole number. */
export function whole(low: number, high: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isInteger(value) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
  };
}

/** For an option that is a list of numbers with commas between them. */
export function numbers(low: number, high: number) {
  return (text: string): number[] =>
    text.split(",").map((part) => {
      const value = Number(part);
      if (part.trim() !== "" && value >= low && value <= high) return value;
      throw new InvalidArgumentError(
        `"${part}" is not a number from ${low} to ${high}; allowed are numbers with commas between them.`,
      );
    });
}

/** For an option that is a list of words with commas between them. */
export function words<T extends string>(allowed: readonly T[]) {
  return (text: string): T[] =>
    text.split(",").map((part) => {
      const word = allowed.find((name) => name === part.trim());
      if (word !== undefined) return word;
      throw new InvalidArgumentError(`"${part}" is not one of ${allowed.join(", ")}.`);
    });
}
