/** Terraform expressions and templates, as far as a cost depends on them; what is beyond that is `Unknown`. */
import { callFunction } from "./functions";
import { Unknown } from "./resource";
import { isKnown, joinText, referencesIn } from "./unknown";

/** One step into a value: `.name`, `[0]`, `["key"]`, or `[*]`. */
export type Step = string | number | typeof splat | Unknown;
export const splat = Symbol("splat");

/** Finds what a name stands for, such as `aws_lb` with the steps `main`, `arn`. */
export type Resolve = (root: string, steps: readonly Step[]) => unknown;

/**
 * The value of a string of Terraform JSON. A string that is one `${...}` has the value of the expression, whatever its
 * type; all others are text.
 */
export function evaluateTemplate(template: string, resolve: Resolve): unknown {
  if (!template.includes("${") && !template.includes("%{")) return template;
  const parser = new Parser(template, resolve);
  try {
    return parser.template();
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    return new Unknown([], template);
  }
}

/** Goes into a value. A single block may stand without its list: `[0]` of an object is the object. */
export function descend(value: unknown, steps: readonly Step[]): unknown {
  let current = value;
  for (const [i, step] of steps.entries()) {
    if (current instanceof Unknown) return new Unknown(current.references);
    if (step instanceof Unknown) return new Unknown([...referencesIn(current), ...step.references]);
    if (step === splat) {
      const list = Array.isArray(current) ? current : [current];
      return list.map((item) => descend(item, steps.slice(i + 1)));
    }
    if (typeof current !== "object" || current === null) return new Unknown();
    if (step === 0 && !Array.isArray(current) && !("0" in current)) continue;
    // Only what the value itself holds: "constructor" is no attribute.
    if (!Object.hasOwn(current, step)) return new Unknown();
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

class Unsupported extends Error {}

const identifier = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const number = /\d+(\.\d+)?([eE][+-]?\d+)?/y;
const space = /\s*/y;

/** Operators from loose to tight. */
const levels = [["||"], ["&&"], ["==", "!="], ["<=", ">=", "<", ">"], ["+", "-"], ["*", "/", "%"]] as const;

class Parser {
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly resolve: Resolve,
  ) {}

  /** The text up to the closing quote, or to the end of the source. */
  template(quoted = false): unknown {
    const parts: unknown[] = [];
    let text = "";
    const closeText = () => {
      if (text !== "") parts.push(text);
      text = "";
    };
    for (;;) {
      if (this.at >= this.source.length) {
        if (quoted) throw new Unsupported();
        break;
      }
      if (quoted && this.takeExactly('"')) break;
      if (this.takeExactly("$${")) text += "${";
      else if (this.takeExactly("%%{")) text += "%{";
      else if (this.takeExactly("%{")) throw new Unsupported();
      else if (this.takeExactly("${")) {
        closeText();
        this.takeExactly("~");
        parts.push(this.expression());
        this.take("~");
        this.expect("}");
      } else if (quoted && this.takeExactly("\\")) text += this.escape();
      else text += this.source[this.at++];
    }
    closeText();
    if (parts.length === 1) return parts[0];
    return joinText(parts);
  }

  private escape(): string {
    const character = this.source[this.at++] ?? "";
    const plain = ({ n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" } as Record<string, string>)[character];
    if (plain === undefined) throw new Unsupported();
    return plain;
  }

  private expression(): unknown {
    const condition = this.binary(0);
    if (!this.take("?")) return condition;
    const whenTrue = this.expression();
    this.expect(":");
    const whenFalse = this.expression();
    if (!isKnown(condition)) {
      return new Unknown([condition, whenTrue, whenFalse].flatMap(referencesIn));
    }
    return condition === true || condition === "true" ? whenTrue : whenFalse;
  }

  private binary(level: number): unknown {
    const operators = levels[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.take(candidate));
      if (!operator) return left;
      left = operate(operator, left, this.binary(level + 1));
    }
  }

  private unary(): unknown {
    if (this.take("-")) return operate("-", 0, this.unary());
    if (this.take("!")) return operate("!=", true, this.unary());
    return this.postfix();
  }

  private postfix(): unknown {
    this.skipSpace();
    const name = this.match(identifier);
    if (name === undefined) return descend(this.literal(), this.steps());
    if (name === "true") return true;
    if (name === "false") return false;
    if (name === "null") return null;
    if (this.take("(")) {
      return descend(callFunction(name, this.list(")")), this.steps());
    }
    return this.resolve(name, this.steps());
  }

  private literal(): unknown {
    const digits = this.match(number);
    if (digits !== undefined) return Number(digits);
    if (this.take('"')) return this.template(true);
    if (this.take("(")) {
      const value = this.expression();
      this.expect(")");
      return value;
    }
    if (this.take("[")) return this.list("]");
    if (this.take("{")) return this.object();
    throw new Unsupported();
  }

  private list(end: string): unknown[] {
    const items: unknown[] = [];
    while (!this.take(end)) {
      items.push(this.expression());
      if (!this.take(",")) {
        this.expect(end);
        break;
      }
    }
    return items;
  }

  private object(): unknown {
    const entries: [string, unknown][] = [];
    while (!this.take("}")) {
      this.skipSpace();
      const key = this.match(identifier) ?? this.expression();
      if (!this.take("=") && !this.take(":")) throw new Unsupported();
      const value = this.expression();
      if (typeof key !== "string") throw new Unsupported();
      entries.push([key, value]);
      this.take(",");
    }
    return Object.fromEntries(entries);
  }

  private steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.takeExactly(".")) {
        if (this.take("*")) steps.push(splat);
        else {
          const name = this.match(identifier);
          const index = name ?? this.match(/\d+/y);
          if (index === undefined) throw new Unsupported();
          steps.push(name ?? Number(index));
        }
      } else if (this.takeExactly("[")) {
        if (this.take("*")) steps.push(splat);
        else {
          const index = this.expression();
          if (!(index instanceof Unknown) && typeof index !== "number" && typeof index !== "string") {
            throw new Unsupported();
          }
          steps.push(index);
        }
        this.expect("]");
      } else return steps;
    }
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [text] = pattern.exec(this.source) ?? [];
    if (text !== undefined) this.at += text.length;
    return text;
  }

  private skipSpace(): void {
    this.match(space);
  }

  private take(token: string): boolean {
    this.skipSpace();
    return this.takeExactly(token);
  }

  private takeExactly(token: string): boolean {
    if (!this.source.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw new Unsupported();
  }
}

function operate(operator: string, left: unknown, right: unknown): unknown {
  if (!isKnown(left) || !isKnown(right)) return new Unknown([left, right].flatMap(referencesIn));
  if (operator === "==") return same(left, right);
  if (operator === "!=") return !same(left, right);
  if (operator === "&&") return isTrue(left) && isTrue(right);
  if (operator === "||") return isTrue(left) || isTrue(right);
  const [a, b] = [Number(left), Number(right)];
  const result = {
    "+": a + b,
    "-": a - b,
    "*": a * b,
    "/": a / b,
    "%": a % b,
    "<": a < b,
    ">": a > b,
    "<=": a <= b,
    ">=": a >= b,
  }[operator];
  return typeof result === "number" && !Number.isFinite(result) ? new Unknown() : result;
}

const isTrue = (value: unknown) => value === true || value === "true";
const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);
