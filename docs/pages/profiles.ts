import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { catalog } from "../../profiles/catalog";
import { rules } from "../../profiles/compatibility";
import { parseProfile } from "../../profiles/parse";
import type { ProfileInput } from "../../profiles/schema";
import { table } from "../markdown";
import { noteOf, notePrices, otherFigures, strategies } from "../note";
import type { Option } from "../options";
import { OptionSource } from "../options";
import { describeDoor, describeService } from "../../profiles/describe";

/** docs/profiles.md */
export function profilesPage(): string {
  return `# Profiles

A profile is one way to run the image: services, a front door, and routes between them. Its name is the stack that
\`npx cdktf deploy NAME\` deploys. [The twelve that come with the project](#the-profiles) ·
[the performance note](#the-performance-note) · [your own](#your-own) · [every option](#options) · [what is refused](#rules).
How to change, move and remove what is deployed: [operations.md](operations.md).

## The profiles

${overview()}

Figures of the note are its own words, kept for comparison; where they don't hold, [the table below](#the-performance-note) says so.

${catalog.map(section).join("\n\n")}

## The performance note

The project began with a [note](https://github.com/matthewhanson/athenaeum/blob/e6a0cac/LAMBDA_PERFORMANCE.md) on a Python server with
PyTorch, FAISS and a sentence-transformers model on Lambda (December 2025). These are its eight strategies against cold starts, what does
each here, and what of it holds. What each is worth was measured: [cold-start.md](cold-start.md#the-notes-strategies); its costs beside
those of the profiles: [figures.md](figures.md).

${table([
  ["", "strategy", "what does it here", "the note says", "what holds"],
  ...strategies.map(({ number, name, option, profiles, note, holds }) => [
    String(number),
    name,
    `${option}: ${profiles.length === 0 ? "all profiles" : profiles.map(code).join(", ")}`,
    note,
    `${holds}.`,
  ]),
])}

Its other figures:

${table([["the note says", "what holds"], ...otherFigures.map(({ note, holds }) => [note, `${holds}.`])])}

Prices: ${notePrices}; 730 h a month. For a workload of yours, ask \`npx lambda-or-fargate compare\`.

## Your own

A profile of your own stands in \`profiles/catalog.ts\`, or in a JSON or YAML file that \`LOF_PROFILES_FILE\` names (one profile, or a
list). It may take over another with \`extends\`: what it says itself stands, a list replaces the list, and \`null\` leaves an option out.

\`\`\`yaml
name: my-prod
extends: lambda-prod
summary: Our service, with more memory and an own timeout
services:
  api:
    memoryMb: 6144
    timeoutSeconds: 60
\`\`\`

\`LOF_PROFILES_FILE=my.yaml npx lambda-or-fargate profiles my-prod\` shows it with every option filled in.

## Options

\`a.b\` is the option \`b\` inside \`a\`, \`a[].b\` that of each entry of the list \`a\`.

${options()}

## Rules

What AWS does not allow, or what would cost money for nothing. A profile that breaks a rule is refused before anything is written, with
the field, its value, the way out and the rule's name.

${table([["rule", "why", "source"], ...rules.map(({ id, says, source }) => [code(id), says, source])])}
`;
}

const code = (text: string) => `\`${text}\``;

function overview(): string {
  return table([
    ["profile", "services", "front door", "strategies", "the note says"],
    ...catalog.map((input) => {
      const profile = parseProfile(input);
      return [
        `[\`${profile.name}\`](#${profile.name})`,
        Object.values(profile.services).map(describeService).join("; "),
        describeDoor(profile),
        numbersOf(profile.name).join(", "),
        noteOf[profile.name] ?? "nothing",
      ];
    }),
  ]);
}

const numbersOf = (name: string) =>
  strategies.filter(({ profiles }) => profiles.includes(name)).map(({ number }) => number);

function section(input: ProfileInput): string {
  const carried = strategies.filter(({ profiles }) => profiles.includes(input.name));
  return `### ${input.name}

${input.summary}.

- Comes from: ${input.basis}.
- Strategies of the note: ${carried.map(({ number, name }) => `${number} (${lowerFirst(name)})`).join(", ") || "none"}.
- The note says: ${noteOf[input.name] ?? "nothing of this one"}.

What differs from the defaults:

\`\`\`yaml
${stringify(withoutDefaults(input), { flowCollectionPadding: true }).trimEnd()}
\`\`\``;
}

const lowerFirst = (text: string) =>
  /^[A-Z][a-z]+[A-Z]/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);

/** What of a profile can't be left out: without a default, the profile would be another, or none. */
export function withoutDefaults({ name, summary, basis, ...written }: ProfileInput): object {
  const full = parseProfile({ name, summary, basis, ...written });
  const same = (candidate: object) => {
    try {
      return isDeepStrictEqual(parseProfile({ name, summary, basis, ...candidate }), full);
    } catch {
      return false;
    }
  };
  const pruned = structuredClone(written) as Record<string, unknown>;
  prune(pruned, () => same(pruned));
  return pruned;
}

/** Takes away every field without which the whole stays the same. */
function prune(part: Record<string, unknown>, isSame: () => boolean): void {
  for (const [key, value] of Object.entries(part)) {
    delete part[key];
    if (isSame()) continue;
    part[key] = value;
    // Lists stand as they are.
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      prune(value as Record<string, unknown>, isSame);
    }
  }
}

function options(): string {
  const source = OptionSource.ofFolder("profiles/schema");
  const isOutside = ({ path }: Option) => !/[.[]/.test(path);
  const sections: readonly (readonly [string, string, readonly Option[]])[] = [
    ["Profile", "", source.optionsOf("profileSchema").filter(isOutside)],
    [
      "container",
      "The image; the same for all services of the profile.",
      source.optionsOf("containerSchema"),
    ],
    ["services: Lambda", "With `runtime: lambda`.", source.optionsOf("lambdaSchema")],
    ["services: Fargate", "With `runtime: fargate`.", source.optionsOf("fargateSchema")],
    ["goal", "", source.optionsOf("goalSchema")],
    ["network", "", source.optionsOf("networkSchema")],
    ["ingress: API Gateway", "With `kind: apiGateway`.", source.optionsOf("apiGatewaySchema")],
    ["ingress: ALB", "With `kind: alb`.", source.optionsOf("albSchema")],
    ["routes", "", source.optionsOf("routeSchema")],
  ];
  return sections
    .map(([title, text, options]) =>
      [`### ${title}`, ...(text ? [text] : []), optionTable(options)].join("\n\n"),
    )
    .join("\n\n");
}

function optionTable(options: readonly Option[]): string {
  return table([
    ["option", "default", "unit", "allowed", "meaning"],
    ...options.map(({ path, default: value, inWords, unit, allowed, meaning }) => [
      code(path),
      value === undefined ? "required" : inWords ? value : code(value),
      unit,
      allowed,
      meaning,
    ]),
  ]);
}
