import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";

/** One option of a profile, as the schema's source has it. */
export interface Option {
  /** From the schema down, with dots; `[]` stands for each entry of a list, `NAME` for each name of a record. */
  readonly path: string;
  readonly meaning: string;
  /** As written in a profile, or in words; without one the option must be there. */
  readonly default?: string;
  /** Whether the default is said in words. */
  readonly inWords: boolean;
  readonly allowed: string;
  /** As its name says it. */
  readonly unit: string;
}

/** Units stand in names; longer endings first. */
const units: readonly (readonly [RegExp, string])[] = [
  [/requestsPerFiveMinutes$/, "requests / 5 min"],
  [/requestsPerMinute$/, "requests / min"],
  [/ratePerSecond$/, "requests / s"],
  [/burst$/, "requests"],
  [/Mb$/, "MB"],
  [/Gb$/, "GB"],
  [/Ms$/, "ms"],
  [/Seconds$/, "s"],
  [/Minutes$/, "min"],
  [/Days$/, "days"],
  [/percent$/i, "%"],
  [/^cpu$/, "CPU units"],
];

/** A value or a schema in the source, with the arguments of the function around it. */
interface Place {
  readonly node: ts.Expression;
  readonly scope: ReadonlyMap<string, Place>;
}

/** What a schema in the source says of itself. */
interface Described {
  allowed: string;
  default?: string;
  optional?: boolean;
  /** Options inside, relative to it. */
  inside?: Option[];
}

/** The options of a profile by schema, read from source: texts from comments, limits and defaults from the code. */
export class OptionSource {
  private readonly constants = new Map<string, Place>();

  /** @param sources texts of TypeScript files, which may refer to each other's constants */
  constructor(sources: readonly string[]) {
    for (const source of sources) {
      const file = ts.createSourceFile("schema.ts", source, ts.ScriptTarget.ES2022, true);
      for (const statement of file.statements.filter(ts.isVariableStatement)) {
        for (const { name, initializer } of statement.declarationList.declarations) {
          if (initializer) this.constants.set(name.getText(), { node: initializer, scope: new Map() });
        }
      }
    }
  }

  static ofFolder(folder: string): OptionSource {
    return new OptionSource(readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8")));
  }

  /** @throws Error when an option has no comment, or its comment another default than the code */
  optionsOf(schema: string): Option[] {
    const place = this.constants.get(schema);
    if (place === undefined) throw new Error(`no schema is called ${schema}`);
    return this.describe(place).inside ?? [];
  }

  private describe(place: Place): Described {
    const { node, scope } = this.resolve(place);
    if (!ts.isCallExpression(node)) throw new Error(`can't read ${node.getText()}`);
    const at = (i: number): Place => ({ node: node.arguments[i]!, scope });
    const callee = node.expression;
    if (ts.isIdentifier(callee)) return this.describeHelper(callee.text, node, scope);
    if (!ts.isPropertyAccessExpression(callee)) throw new Error(`can't read ${node.getText()}`);
    const { text: method } = callee.name;
    if (callee.expression.getText() !== "z")
      return this.describeChain(method, callee.expression, node, scope);
    switch (method) {
      case "strictObject":
        return { allowed: "options", inside: this.properties(at(0)) };
      case "array": {
        const item = this.describe(at(0));
        return { allowed: `list of ${item.allowed}`, inside: nested("[].", item.inside) };
      }
      case "record": {
        const value = this.describe(at(1));
        return { allowed: `${value.allowed} by name`, inside: nested(".NAME.", value.inside) };
      }
      case "discriminatedUnion":
        return this.variants(this.elements(at(1)), JSON.parse(node.arguments[0]!.getText()) as string);
      case "union": {
        const members = this.elements(at(0)).map((member) => this.describe(member));
        const inside = members.flatMap((member) => member.inside ?? []);
        return { allowed: members.map((member) => member.allowed).join(", or "), inside };
      }
      case "enum":
        return {
          allowed: this.elements(at(0))
            .map(({ node }) => code(node.getText()))
            .join(", "),
        };
      case "literal":
        return { allowed: code(node.arguments[0]!.getText()) };
      case "boolean":
        return { allowed: "`true`, `false`" };
      case "string":
        return { allowed: "text" };
      default:
        throw new Error(`can't read z.${method}`);
    }
  }

  /** What is said of a schema after it: `z.string().default("")`. */
  private describeChain(
    method: string,
    inner: ts.Expression,
    node: ts.CallExpression,
    scope: Place["scope"],
  ): Described {
    const described = this.describe({ node: inner, scope });
    if (method === "default") described.default = this.literal({ node: node.arguments[0]!, scope });
    // Filled in from the defaults inside.
    if (method === "prefault") described.default = "";
    if (method === "optional") described.optional = true;
    // A text of a certain form says which in its message.
    const message = node.arguments[1] && messageIn(node.arguments[1]);
    if (described.allowed === "text" && message?.startsWith("must be "))
      described.allowed = withoutMust(message);
    return described;
  }

  /** Schemas that this project makes by functions of its own. */
  private describeHelper(name: string, node: ts.CallExpression, scope: Place["scope"]): Described {
    const at = (i: number): Place => ({ node: node.arguments[i]!, scope });
    switch (name) {
      case "whole":
      case "within":
        return { allowed: `${this.literal(at(0))} to ${this.literal(at(1))}` };
      case "oneOf":
        return {
          allowed: this.elements(at(0))
            .map((value) => this.literal(value))
            .join(", "),
        };
      case "text":
      case "identifier": {
        return { allowed: withoutMust(textOf(at(1).node)) };
      }
    }
    const made = this.constants.get(name)?.node;
    if (made === undefined || !ts.isArrowFunction(made)) throw new Error(`can't read ${name}()`);
    const args = made.parameters.map((parameter, i): [string, Place] => [parameter.name.getText(), at(i)]);
    return this.describe({ node: made.body as ts.Expression, scope: new Map(args) });
  }

  private properties(place: Place): Option[] {
    const { node, scope } = this.resolve(place);
    return (node as ts.ObjectLiteralExpression).properties.flatMap((property) => {
      const name = property.name!.getText();
      const node = ts.isPropertyAssignment(property)
        ? property.initializer
        : (property.name as ts.Identifier);
      const described = this.describe({ node, scope });
      // What kind it is, the constructor of the profile says: `lambda(...)`.
      if (described.allowed.startsWith("`") && isLiteral(node)) return [];
      const inside = described.inside ?? [];
      return [this.option(property, name, described), ...inside.map((option) => under(name, option))];
    });
  }

  private option(property: ts.Node, path: string, { allowed, default: value, optional }: Described): Option {
    const comment = ts.getJSDocCommentsAndTags(property).find(ts.isJSDoc);
    const meaning = oneLine(ts.getTextOfJSDocComment(comment?.comment));
    const tag = comment?.tags?.find(({ tagName }) => tagName.text === "default");
    const said = tag && oneLine(ts.getTextOfJSDocComment(tag.comment));
    const wrong = (problem: string) =>
      new Error(`option ${path}: ${problem}; see its comment in profiles/schema`);
    if (meaning === "") throw wrong("has no comment");
    // "- none" is TypeScript's way to say what happens without a value.
    const inWords = said?.replace(/^- /, "");
    if (optional && (said === undefined || said === inWords)) throw wrong("must say `@default - ...`");
    if (!optional && value !== undefined && value !== "" && said !== value) {
      throw wrong(`says @default ${said}, and has ${value}`);
    }
    if (!optional && value === undefined && said !== undefined)
      throw wrong(`has no default, and says ${said}`);
    const unit = units.find(([ending]) => ending.test(path))?.[1] ?? "";
    if (optional) return { path, meaning, allowed, unit, default: inWords, inWords: true };
    if (value === "") return { path, meaning, allowed, unit, default: "as inside", inWords: true };
    return { path, meaning, allowed, unit, default: value, inWords: false };
  }

  private variants(members: readonly Place[], tag: string): Described {
    const described = members.map((member) => {
      const { node, scope } = this.resolve(member);
      const object = (node as ts.CallExpression).arguments[0] as ts.ObjectLiteralExpression;
      const kind = object.properties.find((property) => property.name?.getText() === tag);
      const value = this.describe({ node: (kind as ts.PropertyAssignment).initializer, scope }).allowed;
      return { value, inside: this.describe(member).inside ?? [] };
    });
    return {
      allowed: `${code(tag)} is ${described.map(({ value }) => value).join(", ")}`,
      inside: described.flatMap(({ value, inside }) =>
        inside.map((option) => ({ ...option, meaning: `With ${value}: ${lowerFirst(option.meaning)}` })),
      ),
    };
  }

  private elements(place: Place): Place[] {
    const { node, scope } = this.resolve(place);
    return (node as ts.ArrayLiteralExpression).elements.map((element) => ({ node: element, scope }));
  }

  /** Follows names and casts to what they stand for. */
  private resolve({ node, scope }: Place): Place {
    if (ts.isAsExpression(node)) return this.resolve({ node: node.expression, scope });
    if (!ts.isIdentifier(node)) return { node, scope };
    const meant = scope.get(node.text) ?? this.constants.get(node.text);
    if (meant === undefined) throw new Error(`can't find ${node.text}`);
    return this.resolve(meant);
  }

  private literal(place: Place): string {
    return this.resolve(place).node.getText();
  }
}

const isLiteral = (node: ts.Expression) => node.getText().startsWith("z.literal(");
const code = (text: string) => `\`${text.replaceAll('"', "")}\``;
const oneLine = (text = "") => text.replace(/\s+/g, " ").trim();
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const nested = (step: string, inside: Option[] = []) =>
  inside.map((option) => ({ ...option, path: step + option.path }));
const under = (name: string, option: Option): Option => ({
  ...option,
  path: /^[[.]/.test(option.path) ? name + option.path : `${name}.${option.path}`,
});

const withoutMust = (message: string) => message.replace(/^must be (the |an? )?/, "");

/** The message of `{ error: "..." }`. */
function messageIn(node: ts.Expression): string | undefined {
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const error = node.properties.find((property) => property.name?.getText() === "error");
  return error && ts.isPropertyAssignment(error) ? textOf(error.initializer) : undefined;
}

/** A text, also one that is put together over lines. */
function textOf(node: ts.Expression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isBinaryExpression(node)) return textOf(node.left) + textOf(node.right);
  throw new Error(`can't read ${node.getText()}`);
}
