import { OptionSource } from "../../docs/options";

const schema = (properties: string) =>
  new OptionSource([`export const testSchema = z.strictObject({\n${properties}\n});`]);

describe("an option of the profile, as its source has it", () => {
  it("has its text from the comment, its limits and default from the code, its unit from the name", () => {
    const [option, ...others] = schema(
      "/** Longest run,\n * of one request. @default 300 */ timeoutSeconds: whole(1, 900).default(300),",
    ).optionsOf("testSchema");
    expect(others).toEqual([]);
    expect(option).toEqual({
      path: "timeoutSeconds",
      meaning: "Longest run, of one request.",
      allowed: "1 to 900",
      default: "300",
      inWords: false,
      unit: "s",
    });
  });

  it("without a default must be there, and one that may be absent says what happens then", () => {
    const options = schema(
      "/** Which. */ kind: z.enum(['a', 'b']),\n/** More. @default - nothing more */ more: z.string().optional(),",
    ).optionsOf("testSchema");
    expect(options.map((option) => [option.path, option.default, option.inWords])).toEqual([
      ["kind", undefined, false],
      ["more", "nothing more", true],
    ]);
  });

  it("is followed through names, functions, lists and unions", () => {
    const source = new OptionSource([
      `const bounds = (max: number) => z.strictObject({
         /** Most. */ most: whole(0, max) });
       const sizes = [1, 2] as const;`,
      `export const testSchema = z.strictObject({
         /** Steps. @default [] */ steps: z.array(bounds(9)).default([]),
         /** Which. */ which: z.discriminatedUnion("kind", [
           z.strictObject({ kind: z.literal("small"),
           /** Its size. */ size: oneOf(sizes) }),
           z.strictObject({ kind: z.literal("none") }),
         ]),
       });`,
    ]);
    expect(
      source.optionsOf("testSchema").map(({ path, allowed, meaning }) => [path, allowed, meaning]),
    ).toEqual([
      ["steps", "list of options", "Steps."],
      ["steps[].most", "0 to 9", "Most."],
      ["which", "`kind` is `small`, `none`", "Which."],
      ["which.size", "1, 2", "With `small`: its size."],
    ]);
  });

  it.each([
    ["no comment", "port: whole(1, 2).default(1),", /option port: has no comment/],
    [
      "another default",
      "/** Port. @default 2 */ port: whole(1, 2).default(1),",
      /says @default 2, and has 1/,
    ],
    ["no default said", "/** Port. */ port: whole(1, 2).default(1),", /says @default undefined, and has 1/],
    [
      "a default that is not there",
      "/** Port. @default 1 */ port: whole(1, 2),",
      /has no default, and says 1/,
    ],
    [
      "nothing said of its absence",
      "/** Port. */ port: whole(1, 2).optional(),",
      /must say `@default - ...`/,
    ],
    ["a schema that nobody knows", "/** Port. */ port: z.tuple([]),", /can't read z\.tuple/],
  ])("with %s stops the page", (_what, properties, message) => {
    expect(() => schema(properties).optionsOf("testSchema")).toThrow(message);
  });
});
