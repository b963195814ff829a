/** What the hidden first line of a comment says: whose review it is, and of which run. */
export interface Marker {
  /** name of the deployment that is reviewed; with the environment, what a comment is found by */
  readonly stack: string;
  readonly environment: string;
  /** names of the reviewed profiles */
  readonly profiles: readonly string[];
  /** commit that was planned; empty outside of a pipeline */
  readonly sha: string;
  /** a later run has a larger id; each new attempt of it a larger attempt */
  readonly run: { readonly id: number; readonly attempt: number };
}

const prefix = "<!-- lambda-or-fargate:v1 ";
const mostProfiles = 20;

/** A hidden line of HTML. Values can't end it, nor look like another field. */
export function writeMarker({ stack, environment, profiles, sha, run }: Marker): string {
  const names = profiles.slice(0, mostProfiles).map((name) => name.slice(0, 100));
  const more = profiles.length > names.length ? [`+${profiles.length - names.length}`] : [];
  const fields = {
    stack: encode(stack),
    env: encode(environment),
    profiles: [...names, ...more].map(encode).join(","),
    sha: encode(sha),
    run: `${run.id}.${run.attempt}`,
  };
  const text = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return `${prefix}${text.join(" ")} -->`;
}

/** The marker on the first line of a comment, if it has one of ours. */
export function readMarker(body: string): Marker | undefined {
  const [first = ""] = body.split(/\r?\n/, 1);
  if (!first.startsWith(prefix) || !first.endsWith(" -->")) return undefined;
  const fields = new Map(
    first
      .slice(prefix.length, -" -->".length)
      .split(" ")
      .map((field): [string, string] => {
        const [name = "", ...value] = field.split("=");
        return [name, value.join("=")];
      }),
  );
  const run = /^(\d+)\.(\d+)$/.exec(fields.get("run") ?? "");
  const [stack, environment] = [fields.get("stack"), fields.get("env")];
  if (stack === undefined || environment === undefined || !run) return undefined;
  return {
    stack: decode(stack),
    environment: decode(environment),
    profiles: (fields.get("profiles") ?? "").split(",").filter(Boolean).map(decode),
    sha: decode(fields.get("sha") ?? ""),
    run: { id: Number(run[1]), attempt: Number(run[2]) },
  };
}

/** The comment without its marker: what a reader sees. */
export function withoutMarker(body: string): string {
  const text = body.replace(/\r\n/g, "\n");
  return readMarker(text) ? text.slice(text.indexOf("\n") + 1).trimEnd() : text.trimEnd();
}

/** Whether two markers are of the same review: every letter counts, so that prod is never non-prod. */
export function isSameReview(a: Marker, b: Marker): boolean {
  return a.stack === b.stack && a.environment === b.environment;
}

export function isNewer(a: Marker, b: Marker): boolean {
  return a.run.id > b.run.id || (a.run.id === b.run.id && a.run.attempt > b.run.attempt);
}

const encode = (text: string) =>
  encodeURIComponent(text.replace(/\p{Cs}/gu, "\uFFFD"))
    .replace(/[!'()*]/g, escapeCharacter)
    .replaceAll("--", "%2D%2D");

const escapeCharacter = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
