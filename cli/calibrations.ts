import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { StartUp, StartUpInput } from "../estimate/latency/start-up";
import { loadStartUp } from "../estimate/latency/start-up";
import { writeOutFile } from "./out-file";

/** Folder of calibrations, one file for each image; commit it beside image.json. */
export const calibrationFolder = "calibrations";

/** File of an image's calibration. @param digest `sha256:...` */
export function calibrationFile(digest: string, folder = calibrationFolder): string {
  return join(folder, `${digest.replace("sha256:", "").slice(0, 16)}.json`);
}

/** @throws InputError if it can't be written */
export function writeCalibration(file: string, startUp: StartUpInput): void {
  writeOutFile("file", file, `${JSON.stringify(startUp, null, 2)}\n`);
}

/**
 * The calibration of an image, if there is one.
 *
 * @param image `repository@sha256:...`; an image by tag has none
 * @throws InputError for a file in the folder that is none
 */
export function calibrationOf(image: string, folder = calibrationFolder): StartUp | undefined {
  const digest = /sha256:[0-9a-f]{64}$/.exec(image)?.[0];
  if (digest === undefined || !existsSync(folder)) return undefined;
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => loadStartUp(join(folder, name)))
    .find(({ digests }) => digests?.includes(digest));
}

/**
 * Lets a calibration be found by the digest that the image has in its registry, too: it was measured before it was pushed,
 * when it had an id alone.
 */
export function addDigest(id: string, digest: string, folder = calibrationFolder): void {
  const known = calibrationOf(id, folder);
  if (!known || known.digests!.includes(digest)) return;
  writeCalibration(calibrationFile(known.digests![0]!, folder), {
    ...known,
    digests: [...known.digests!, digest],
  });
}
