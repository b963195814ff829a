import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { writeWhole } from "../estimate/write-whole";
import { InputError } from "../profiles/errors";

/**
 * Whether a file can be written there; asked before the work that it is for.
 *
 * @param option as `--out`
 * @param mayReplace whether a file that is there may go
 * @throws InputError if no file can be there, or one is and nobody says that it may go
 */
export function checkOutFile(option: string, file: string, mayReplace: boolean): void {
  const at = (problem: string) => new InputError([`${option} = "${file}": ${problem}`]);
  const folder = dirname(file);
  if (!existsSync(folder)) throw at(`there is no folder ${folder}; make it, or name another file`);
  const there = statSync(file, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw at("is a folder; name a file in it");
  if (there && !mayReplace) throw at("is there already; give another name, or --force");
}

/** Writes all of it or nothing. @throws InputError if it can't be written */
export function writeOutFile(option: string, file: string, text: string): void {
  try {
    writeWhole(file, text);
  } catch (error) {
    throw new InputError([`${option} = "${file}": can't be written (${(error as Error).message})`]);
  }
}
