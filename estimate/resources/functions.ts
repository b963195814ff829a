import { Unknown } from "./resource";
import { isKnown, referencesIn, textOf } from "./unknown";

type List = readonly unknown[];
type Fields = Readonly<Record<string, unknown>>;

/** Functions of Terraform that sizes, counts and names are computed with. */
const functions: Readonly<Record<string, (...args: never[]) => unknown>> = {
  abs: (value: number) => Math.abs(value),
  ceil: (value: number) => Math.ceil(value),
  coalesce: (...values: unknown[]) => values.find((value) => value !== null && value !== ""),
  concat: (...lists: List[]) => lists.flat(1),
  contains: (list: List, value: unknown) => list.includes(value),
  distinct: (list: List) => [...new Set(list)],
  element: (list: List, index: number) => list[index % list.length],
  flatten: (list: List) => list.flat(Infinity),
  floor: (value: number) => Math.floor(value),
  join: (separator: string, list: List) => list.join(separator),
  jsondecode: (text: string) => JSON.parse(text) as unknown,
  keys: (map: Fields) => Object.keys(map).sort(),
  length: (value: List | Fields | string) =>
    typeof value === "string" || Array.isArray(value) ? value.length : Object.keys(value).length,
  lookup: (map: Fields, key: string, otherwise: unknown) => (Object.hasOwn(map, key) ? map[key] : otherwise),
  lower: (text: string) => text.toLowerCase(),
  max: (...values: number[]) => Math.max(...values),
  merge: (...maps: Fields[]) => Object.assign({}, ...maps) as Fields,
  min: (...values: number[]) => Math.min(...values),
  replace: (text: string, from: string, to: string) => text.replaceAll(from, to),
  split: (separator: string, text: string) => text.split(separator),
  tolist: (list: List) => list,
  tomap: (map: Fields) => map,
  tonumber: (value: string | number) => Number(value),
  toset: (list: List) => [...new Set(list)].sort(),
  tostring: (value: unknown) => String(value),
  upper: (text: string) => text.toUpperCase(),
  values: (map: Fields) =>
    Object.keys(map)
      .sort()
      .map((key) => map[key]),
};

/** Unknown, with the references of the arguments, when the function or an argument is not known. */
export function callFunction(name: string, args: readonly unknown[]): unknown {
  if (name === "jsonencode" && args.length === 1) return encode(args[0]);
  const unknown = new Unknown(args.flatMap(referencesIn));
  if (!Object.hasOwn(functions, name) || !args.every(isKnown)) return unknown;
  try {
    const result = (functions[name] as (...values: unknown[]) => unknown)(...args);
    return result === undefined || Number.isNaN(result) ? unknown : result;
  } catch {
    // An argument of another type than the function takes: Terraform would refuse it.
    return unknown;
  }
}

/** JSON text; unknown parts are left in it as `${address.attribute}`, so that the rest can be read. */
function encode(value: unknown): unknown {
  const text = JSON.stringify(value, (_, part: unknown) => (part instanceof Unknown ? textOf(part) : part));
  return isKnown(value) ? text : new Unknown(referencesIn(value), text);
}
