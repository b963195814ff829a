import { createReadStream, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { PassThrough, pipeline } from "node:stream";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError, whyUnreadable } from "../profiles/errors";
import type { LogReader } from "./formats";
import { readerFor } from "./formats";
import type { LogEvent } from "./log-event";

/** Enough of a log to tell its format. */
const beginningLength = 4096;

/**
 * Reads exported logs piece by piece, plain or gzip, whatever their size; `-` is standard input, and a folder stands for
 * all files in it, as an export to S3 has them.
 *
 * @throws InputError that names the file when it can't be read
 */
export async function readLogFiles(
  files: readonly string[],
  onEvent: (event: LogEvent) => void,
  stdin: Readable = process.stdin,
): Promise<void> {
  for (const file of files.flatMap(expanded)) {
    try {
      const fault = await readLog(file === "-" ? stdin : createReadStream(file), streamOf(file), onEvent);
      if (fault !== undefined) throw new Error(fault);
    } catch (error) {
      throw new InputError([`--file = "${file}": can't be read (${whyUnreadable(error)})`]);
    }
  }
}

function expanded(file: string): string[] {
  if (file === "-" || !statSync(file, { throwIfNoEntry: false })?.isDirectory()) return [file];
  return readdirSync(file, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** An export to S3 has a folder for each stream, named like it but with hyphens for slashes. */
function streamOf(file: string): string | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)-(\[[^\]]+\][0-9a-f]{32})$/.exec(basename(dirname(file)));
  return parts?.slice(1).join("/");
}

async function readLog(
  source: Readable,
  stream: string | undefined,
  onEvent: (event: LogEvent) => void,
): Promise<string | undefined> {
  let reader: LogReader | undefined;
  let beginning = "";
  for await (const piece of await textOf(source)) {
    if (reader) {
      reader.feed(piece);
      continue;
    }
    // Some programs write a byte order mark first, which is no part of the first column's name.
    beginning += beginning === "" ? piece.replace(/^\uFEFF/, "") : piece;
    if (beginning.length >= beginningLength) {
      reader = readerFor(beginning, onEvent, stream);
      reader.feed(beginning);
    }
  }
  if (!reader) {
    reader = readerFor(beginning, onEvent, stream);
    reader.feed(beginning);
  }
  return reader.end();
}

/** Unpacks gzip, which its first two bytes tell. */
async function textOf(source: Readable): Promise<AsyncIterable<string>> {
  const first = await new Promise<Buffer | null>((resolve, reject) => {
    source.once("error", reject);
    source.once("end", () => resolve(null));
    source.once("readable", () => resolve(source.read() as Buffer | null));
  });
  if (first === null) return (async function* () {})();
  source.unshift(first);
  const isGzip = first[0] === 0x1f && first[1] === 0x8b;
  // A failure of either ends the reading.
  const text = pipeline(source, isGzip ? createGunzip() : new PassThrough(), () => undefined);
  return text.setEncoding("utf8");
}
