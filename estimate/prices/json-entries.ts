/**
 * The entries of one object deep in a large JSON file, each with its own bytes. Offer files reach some hundred megabytes,
 * more than a string can hold in some cases, of which a few rows are wanted.
 *
 * @param path keys that lead to the object
 * @throws SyntaxError if the file is cut off or isn't JSON on the way
 */
export function* jsonEntries(bytes: Buffer, path: readonly string[]): Generator<readonly [string, Buffer]> {
  const scanner = new Scanner(bytes);
  let depth = 0;
  scanner.open("{");
  for (;;) {
    const key = scanner.key();
    if (key === undefined) return;
    if (depth < path.length && key === path[depth]) {
      depth += 1;
      scanner.open("{");
    } else {
      const { start, end } = scanner.value();
      if (depth === path.length) yield [key, bytes.subarray(start, end)];
    }
  }
}

const [quote, backslash] = [0x22, 0x5c];
const opening = new Set([0x7b, 0x5b]);
const closing = new Set([0x7d, 0x5d]);
const isSpace = (byte: number | undefined) =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

class Scanner {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  open(character: "{"): void {
    this.skipSpace();
    if (this.bytes[this.at] !== character.charCodeAt(0)) throw this.fault();
    this.at += 1;
  }

  /** The next key of the object, without its colon; none at the object's end. */
  key(): string | undefined {
    this.skipSpace();
    if (this.bytes[this.at] === 0x2c) {
      this.at += 1;
      this.skipSpace();
    }
    if (this.bytes[this.at] === 0x7d) return undefined;
    const start = this.at;
    this.skipString();
    const key = JSON.parse(this.bytes.toString("utf8", start, this.at)) as string;
    this.skipSpace();
    if (this.bytes[this.at] !== 0x3a) throw this.fault();
    this.at += 1;
    return key;
  }

  value(): { readonly start: number; readonly end: number } {
    this.skipSpace();
    const start = this.at;
    let depth = 0;
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw this.fault();
      if (byte === quote) this.skipString();
      else {
        if (depth === 0 && (byte === 0x2c || closing.has(byte))) break;
        if (opening.has(byte)) depth += 1;
        else if (closing.has(byte)) depth -= 1;
        this.at += 1;
      }
    }
    return { start, end: this.at };
  }

  private skipString(): void {
    if (this.bytes[this.at] !== quote) throw this.fault();
    let end = this.at;
    let slashes: number;
    do {
      end = this.bytes.indexOf(quote, end + 1);
      if (end === -1) {
        this.at = this.bytes.length;
        throw this.fault();
      }
      slashes = 0;
      while (this.bytes[end - 1 - slashes] === backslash) slashes += 1;
      // An odd number of backslashes: the quote belongs to the text.
    } while (slashes % 2 === 1);
    this.at = end + 1;
  }

  private skipSpace(): void {
    while (isSpace(this.bytes[this.at])) this.at += 1;
  }

  private fault(): SyntaxError {
    return new SyntaxError(
      this.at >= this.bytes.length ? "is cut off" : `is not the JSON that was expected, at byte ${this.at}`,
    );
  }
}
