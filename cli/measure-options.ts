import { readFileSync } from "node:fs";
import { InputError, whyUnreadable } from "../profiles/errors";
import type { RequestSpec } from "../measure/cold-start";
import type { Spacing } from "../measure/open-loop";
import { spacings } from "../measure/open-loop";
import { doors } from "../measure/measurement";
import type { Door } from "../measure/measurement";
import { numberOption } from "./number-option";

/** What the command line has, as text. */
export interface MeasureOptions {
  readonly image?: string;
  readonly size?: readonly string[];
  readonly port?: string;
  readonly ready?: string;
  readonly env?: readonly string[];
  readonly starts: string;
  readonly path?: string;
  readonly method?: string;
  readonly header?: readonly string[];
  readonly body?: string;
  readonly rate: string;
  readonly seconds: string;
  readonly spacing?: string;
  readonly rounds: string;
  readonly seed: string;
  readonly timeout: string;
  readonly stream?: boolean;
  readonly streamEnd?: string;
  readonly coldAfter?: string;
  readonly parallel: string;
  readonly local?: boolean;
  readonly door?: string;
  readonly precedence?: boolean;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** What the project's server searches for, when no other request is given. */
const question = { query: "May soldiers be quartered in a house?", limit: 5 };

/** The request to send. @throws InputError if it can't be one */
export function requestOf({ path, method, header = [], body }: MeasureOptions): RequestSpec & {
  readonly path: string;
  readonly method: string;
} {
  if (path !== undefined && !path.startsWith("/")) {
    throw new InputError([`--path = "${path}": must start with /`]);
  }
  if (method !== undefined && !/^[A-Za-z]+$/.test(method)) {
    throw new InputError([`--method = "${method}": must be a method of HTTP, like GET or POST`]);
  }
  const headers = Object.fromEntries(header.map((text) => pair("--header", text, ":")));
  const own = body === undefined ? undefined : bodyOf(body);
  // Without a path it is a search of the project's server.
  const payload = own ?? (path === undefined ? Buffer.from(JSON.stringify(question)) : undefined);
  return {
    path: path ?? "/retrieve",
    method: method?.toUpperCase() ?? (payload === undefined ? "GET" : "POST"),
    headers,
    ...(payload && { body: payload }),
  };
}

function bodyOf(text: string): Buffer {
  if (!text.startsWith("@")) return Buffer.from(text, "utf8");
  try {
    return readFileSync(text.slice(1));
  } catch (error) {
    throw new InputError([`--body = "${text}": can't be read (${whyUnreadable(error)})`]);
  }
}

/** `NAME=VALUE` or `Name: value`. @throws InputError if it is none */
export function pair(option: string, text: string, separator: "=" | ":"): [string, string] {
  const at = text.indexOf(separator);
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  const shape = separator === "=" ? "NAME=VALUE" : "Name: value";
  throw new InputError([`${option} = "${text}": must be ${shape}`]);
}

/** A number within bounds. @throws InputError */
export function bounded(
  option: string,
  text: string,
  { least, most, whole = false }: { least: number; most: number; whole?: boolean },
): number {
  return numberOption(option, text, {
    isAllowed: (value) => value >= least && value <= most && (!whole || Number.isInteger(value)),
    mustBe: `a ${whole ? "whole " : ""}number from ${least} to ${most}`,
  })!;
}

export function spacingOf(text: string | undefined, otherwise: Spacing): Spacing {
  return text === undefined ? otherwise : oneOf("--spacing", text, spacings);
}

export function doorGiven(text: string | undefined): Door | undefined {
  return text === undefined ? undefined : oneOf("--door", text, doors);
}

function oneOf<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === text);
  if (found !== undefined) return found;
  throw new InputError([`${option} = "${text}": must be ${allowed.join(", ")}`]);
}
