import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { InputError, whyUnreadable } from "../../profiles/errors";

/** A line of a file, for messages that name the place. */
export interface Line {
  readonly text: string;
  readonly place: string;
}

/** The lines of a text file, plain or gzip. Empty lines are left out. @throws InputError if it can't be read */
export function* linesOf(file: string): Generator<Line> {
  const bytes = contentOf(file);
  let start = 0;
  for (let number = 1; start < bytes.length; number++) {
    const end = bytes.indexOf(0x0a, start);
    const text = bytes.toString("utf8", start, end === -1 ? bytes.length : end).trim();
    if (text !== "")
      yield { text: number === 1 ? text.replace(/^\uFEFF/, "") : text, place: `${file}:${number}` };
    start = end === -1 ? bytes.length : end + 1;
  }
}

function contentOf(file: string): Buffer {
  try {
    const bytes = readFileSync(file);
    // Both bytes that every gzip file begins with.
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  } catch (error) {
    throw new InputError([`${file}: can't be read (${whyUnreadable(error)})`]);
  }
}

/** The fields of a line; a field in double quotes may hold the separator, and a quote written twice. */
export function fieldsOf({ text, place }: Line, separator: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let field = "";
      let from = at + 1;
      for (;;) {
        const end = text.indexOf('"', from);
        if (end === -1) throw new InputError([`${place}: a quote is not closed`]);
        field += text.slice(from, end);
        at = end + 1;
        if (text[at] !== '"') break;
        field += '"';
        from = at + 1;
      }
      fields.push(field);
      if (at < text.length && text[at] !== separator) {
        throw new InputError([`${place}: "${separator}" is missing after a quoted field`]);
      }
    } else {
      const end = text.indexOf(separator, at);
      fields.push(text.slice(at, end === -1 ? text.length : end));
      at = end === -1 ? text.length : end;
    }
    if (at >= text.length) return fields;
    at += 1;
  }
}

/** A path as it is counted: without host, query and fragment. */
export function pathOf(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, "").replace(/[?#].*$/, "");
  return path.startsWith("/") ? path : "/";
}
