import { readdirSync, readFileSync } from "node:fs";
import { main } from "../../cli/main";
import { captured } from "../support/command";

const help = async (...words: string[]) => (await captured(() => main([...words, "--help"]))).stdout;

/** Names below "Commands:" in a help. */
const commandsIn = (text: string) =>
  [...(text.split("Commands:")[1] ?? "").matchAll(/^ {2}([a-z][a-z-]*) /gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== "help");

/** Help of every command that does something, by its words; and those that only hold others. */
const helps = new Map<string, string>();
const groups = new Set<string>();
beforeAll(async () => {
  for (const name of commandsIn(await help())) {
    const text = await help(name);
    const inside = commandsIn(text);
    if (inside.length === 0) helps.set(name, text);
    else groups.add(name);
    for (const sub of inside) helps.set(`${name} ${sub}`, await help(name, sub));
  }
});

/** The call's command, or undefined where it names none. */
function commandOf(call: string): string | undefined {
  const [first = "", second = ""] = call.split(" ");
  const isDefault = [...helps.keys()].some((name) => name === `${first} list`);
  return [`${first} ${second}`, first, ...(isDefault ? [`${first} list`] : [])].find((name) =>
    helps.has(name),
  );
}

function faultsOf(call: string): string[] {
  if (groups.has(call)) return [];
  const command = commandOf(call);
  if (command === undefined) return [`${call}: there is no such command`];
  const known = new Set(helps.get(command)!.match(/--[a-z][a-z0-9-]*/g));
  const used = call.match(/(?<= )--[a-z][a-z0-9-]*/g) ?? [];
  return used.filter((option) => !known.has(option)).map((option) => `${call}: ${command} has no ${option}`);
}

/** Every call in a text, without its comment and what it is piped to. */
const callsIn = (text: string) =>
  [...text.matchAll(/npx lambda-or-fargate ([^\n#|&>`]+)/g)].map(([, call]) => call!.trim());

const pages = ["README.md", ...readdirSync("docs").map((name) => `docs/${name}`)].filter((file) =>
  file.endsWith(".md"),
);

it.each(pages)("%s calls commands with options that they have", (file) => {
  expect(callsIn(readFileSync(file, "utf8")).flatMap(faultsOf)).toEqual([]);
});

it("sees a call that is wrong", () => {
  const text = "`npx lambda-or-fargate compair`\nnpx lambda-or-fargate prices show x --jsn   # no";
  expect(callsIn(text).flatMap(faultsOf)).toEqual([
    "compair: there is no such command",
    "prices show x --jsn: prices show has no --jsn",
  ]);
});

describe("every command's help", () => {
  // These need no argument, or are called by `cdktf deploy` alone.
  const plain = ["prices list", "workload list", "local start", "local stop", "local status", "rollout"];

  it("has examples, of that command, with options that it has", () => {
    for (const [name, text] of helps) {
      const [options, examples = ""] = text.split(/^Examples?:$/m);
      const calls = [...examples.matchAll(/^ {2}npx lambda-or-fargate (.*)$/gm)].map(([, call]) => call!);
      if (plain.includes(name)) continue;
      expect([name, calls.length > 0]).toEqual([name, true]);
      for (const call of calls) {
        expect(call.startsWith(`${name} `)).toBe(true);
        for (const option of call.replace(/ {3}#.*/, "").match(/--[a-z][a-z0-9-]*/g) ?? [])
          expect([call, options!.includes(`${option} `) || options!.includes(`${option}\n`)]).toEqual([
            call,
            true,
          ]);
      }
    }
  });

  it("fits in 80 columns, but for examples, and so does the list of commands", async () => {
    for (const text of [await help(), ...helps.values()]) {
      const lines = text
        .split(/^Examples?:$/m)[0]!
        .split("\n")
        .filter((line) => !line.startsWith("Usage:"));
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    }
  });
});
