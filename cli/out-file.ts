import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
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
  if (file === "" || file.endsWith("/")) throw at("names no file");
  const folder = dirname(file);
  orInputError(option, file, () => {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw at(`there is no folder ${folder}; make it, or name another file`);
    }
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw at("is a folder; name a file in it");
    // A device or a pipe would be gone afterwards.
    if (there && !there.isFile()) throw at("is no file that could be replaced; name another");
    if (there && !mayReplace) throw at("is there already; give another name, or --force");
    withFileBeside(file, () => {});
  });
}

/** The same of a folder, which may have to be made. @throws InputError if it can't be made, or nothing be written to it */
export function checkOutFolder(option: string, folder: string): void {
  let there = resolve(folder);
  while (!existsSync(there)) there = dirname(there);
  orInputError(option, folder, () => withFileBeside(join(there, basename(folder)), () => {}));
}

/** Writes all of it or nothing, and makes the folder if it has to. @throws InputError if it can't be written */
export function writeOutFile(option: string, file: string, text: string): void {
  orInputError(option, file, () => {
    mkdirSync(dirname(file), { recursive: true });
    withFileBeside(file, (beside) => {
      writeFileSync(beside, text);
      const opened = openSync(beside, "r+");
      fsyncSync(opened);
      closeSync(opened);
      renameSync(beside, file);
    });
  });
}

/** Makes an empty file beside another, which takes its place, or is gone, once the work is done. */
function withFileBeside(file: string, work: (beside: string) => void): void {
  const beside = join(dirname(file), `.${basename(file)}.${process.pid}`);
  writeFileSync(beside, "");
  try {
    work(beside);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** @throws InputError for whatever goes wrong with a file or folder that is named by the user */
export function orInputError(option: string, place: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError([`${option} = "${place}": can't be written (${(error as Error).message})`]);
  }
}
