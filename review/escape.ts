/** Longest name that is shown in full; a longer one loses its middle. */
const longestName = 160;

/**
 * A name from outside as inline code: Markdown, HTML, mentions and links in it mean nothing there. It is one line, without
 * backticks, and no longer than a reader can use.
 */
export function code(name: string): string {
  // Twice: what is far too long is not worth to be read as a whole.
  const line = shorten(
    shorten(name)
      .replace(/`/g, "'")
      // It would end the cell of a table, in code too.
      .replace(/\|/g, "¦")
      // Line ends, other control characters, and marks that turn the direction of writing.
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
      .trim(),
  );
  return line === "" ? "(no name)" : `\`${line}\``;
}

function shorten(text: string): string {
  if (text.length <= longestName) return text;
  const half = longestName / 2 - 1;
  // No emoji is cut in half.
  const start = text.slice(0, half).replace(/[\uD800-\uDBFF]$/, "");
  const end = text.slice(-half).replace(/^[\uDC00-\uDFFF]/, "");
  return `${start}…${end}`;
}

/** A sentence of our own that may hold a name from outside: nothing in it is Markdown, HTML, a mention or a link. */
export function plain(text: string): string {
  return (
    text
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/[\\`*{}[\]~|]/g, "\\$&")
      // Within a word it emphasises nothing.
      .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\_")
      // Between the sign and the name, so that it is no mention, no issue, no link and no list.
      .replace(/[@#](?=\w)/g, "$&\u200B")
      .replace(/(?<=\w):\/\//g, ":\u200B//")
      .replace(/\bwww\./gi, "www\u200B.")
      .replace(/^(\d+)([.)])(?=\s|$)/, "$1\\$2")
      .replace(/^[-+=#](?=[-+=#\s]|$)/, "\\$&")
  );
}

/** The same for the inside of an HTML element of ours, where Markdown is not read. */
export function html(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[@#](?=\w)/g, "$&\u200B");
}

/** Rows of a table; the first is the head. Cells are made by `code` or `plain`. */
export function markdownTable(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = rows[0]!.map((_, column) => (right.includes(column) ? "--:" : "---"));
  return [line(rows[0]!), line(rule), ...rows.slice(1).map(line)].join("\n");
}
