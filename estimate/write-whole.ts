import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Writes all of a file or nothing: into a file beside it first, which then takes its place. */
export function writeWhole(file: string, content: string): void {
  const beside = join(dirname(file), `.${basename(file)}.${process.pid}`);
  try {
    writeFileSync(beside, content);
    const opened = openSync(beside, "r+");
    fsyncSync(opened);
    closeSync(opened);
    renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
}
