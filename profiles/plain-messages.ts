import { z } from "zod";
import { nearest } from "./did-you-mean";

/**
 * What a schema says where it has no words of its own. Of fields that are not known it says, a line each, which known one is
 * near, or nothing.
 */
z.config({
  customError: (issue) => {
    if (issue.code === "invalid_type") return kinds[issue.expected];
    if (issue.code !== "unrecognized_keys") return undefined;
    const { shape = {} } = (issue.inst as z.core.$ZodObject | undefined)?._zod.def ?? {};
    return issue.keys.map((key) => nearest(key, Object.keys(shape)) ?? "").join("\n");
  },
});

const kinds: Readonly<Record<string, string>> = {
  number: "must be a number",
  int: "must be a whole number",
  string: "must be text",
  boolean: "must be true or false",
  array: "must be a list",
  object: "must be a set of fields",
  record: "must be a set of fields",
};
