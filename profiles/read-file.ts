import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import { InputError, whyUnreadable } from "./errors";

/**
 * What a file of JSON (by its name) or YAML holds.
 *
 * @param what it is called in messages: a setting or an option
 * @throws InputError if it can't be read
 */
export function readJsonOrYaml(what: string, file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new InputError([`${what} = "${file}": can't be read (${whyUnreadable(error)})`]);
  }
  const isJson = file.endsWith(".json");
  try {
    return isJson ? JSON.parse(text) : yaml().parse(text);
  } catch (error) {
    throw new InputError([
      `${what} = "${file}": is not valid ${isJson ? "JSON" : "YAML"} (${firstLine(error)})`,
    ]);
  }
}

/** Loaded when it is needed: it has seventy files, and most runs read no YAML. */
const yaml = () => createRequire(__filename)("yaml") as typeof Yaml;

/** The YAML parser adds a picture of the place; one line is enough. */
const firstLine = (error: unknown) => (error as Error).message.split("\n")[0]!.replace(/:$/, "");
