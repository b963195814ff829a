import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, string>> };
  readonly env?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly [field: string]: unknown;
}

/** A workflow of GitHub Actions; the fields that the tests read. */
export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
  /** As it is written, with its comments. */
  readonly text: string;
}

/** The project's workflows by name. */
export function workflows(): Record<string, Workflow> {
  return Object.fromEntries(
    readdirSync(".github/workflows").map((file) => {
      const text = readFileSync(join(".github/workflows", file), "utf8");
      const workflow = { ...(parse(text) as Omit<Workflow, "text">), text };
      return [workflow.name, workflow];
    }),
  );
}

/** What expressions can name: `github.event_name` is `{ github: { event_name: ... } }`. */
export type Contexts = Readonly<Record<string, unknown>>;

const names = "github|vars|secrets|matrix|needs|steps|inputs|env|runner|job";

/**
 * The value of one expression of GitHub Actions, as far as these workflows use them: paths, comparisons, `&&`, `||`, `!`,
 * `fromJSON` and the status functions. What a path does not lead to is empty text, as on GitHub.
 */
function evaluate(expression: string, contexts: Contexts): unknown {
  const path = new RegExp(`\\b(?:${names})(?:\\.[A-Za-z_][\\w-]*)+`, "g");
  const code = expression.replace(path, (found) => `at(${JSON.stringify(found)})`);
  const at = (found: string) =>
    found
      .split(".")
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], contexts) ?? "";
  const functions = {
    at,
    fromJSON: (text: string) => JSON.parse(text) as unknown,
    // The runner of these tests stops at the first failure.
    failure: () => false,
    cancelled: () => false,
    always: () => true,
  };
  return new Function(...Object.keys(functions), `return (${code});`)(...Object.values(functions)) as unknown;
}

/** A text with its expressions put in; a text that is one expression gives the expression's own value. */
export function fill(text: unknown, contexts: Contexts): unknown {
  if (typeof text !== "string") return text;
  const whole = /^\s*\$\{\{((?:(?!\}\}).)*)\}\}\s*$/s.exec(text);
  if (whole) return evaluate(whole[1]!.replace(/\s+/g, " "), contexts);
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => String(evaluate(expression, contexts)));
}
