import { existsSync, readFileSync } from "node:fs";
import { InputError } from "../profiles/errors";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a run of GitHub Actions stands. Source: docs.github.com/actions/reference/workflows-and-actions/variables */
export interface GitHubContext {
  readonly apiUrl: string;
  readonly owner: string;
  readonly repo: string;
  /** none for a run that is not of a pull request */
  readonly pullRequest?: number;
  /** last commit of that pull request when the run was started; none when the run is not of its commits */
  readonly headSha?: string;
}

/** The run and commit that a review is of; what a run outside of a pipeline has is run 0. */
export interface RunContext {
  readonly sha: string;
  readonly run: { readonly id: number; readonly attempt: number };
}

/** @throws InputError when the variables are not those of GitHub Actions */
export function readGitHubContext(env: Environment, pullRequest?: number): GitHubContext {
  const repository = env.GITHUB_REPOSITORY ?? "";
  const [owner, repo, ...rest] = repository.split("/");
  if (!owner || !repo || rest.length > 0) {
    throw new InputError([
      `GITHUB_REPOSITORY = ${JSON.stringify(repository)}: must be owner/name; --post is for runs of GitHub Actions, elsewhere use --out`,
    ]);
  }
  const event = readEvent(env);
  const number = pullRequest ?? pullRequestOf(event);
  const own = fieldsOf(event.pull_request);
  const { sha } = fieldsOf(own.head);
  return {
    apiUrl: (env.GITHUB_API_URL || "https://api.github.com").replace(/\/+$/, ""),
    owner,
    repo,
    ...(number !== undefined && { pullRequest: number }),
    ...(number === own.number && typeof sha === "string" && { headSha: sha }),
  };
}

export function readRunContext(env: Environment): RunContext {
  const event = readEvent(env);
  const head = fieldsOf(fieldsOf(event.pull_request).head).sha;
  return {
    // Of a pull request GITHUB_SHA is a merge that is in no branch.
    sha: typeof head === "string" ? head : (env.GITHUB_SHA ?? ""),
    run: { id: wholeNumber(env.GITHUB_RUN_ID) ?? 0, attempt: wholeNumber(env.GITHUB_RUN_ATTEMPT) ?? 1 },
  };
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? (value as Fields) : {};

function readEvent({ GITHUB_EVENT_PATH: file }: Environment): Fields {
  if (file === undefined || file === "" || !existsSync(file)) return {};
  try {
    return fieldsOf(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new InputError([`GITHUB_EVENT_PATH = "${file}": is not JSON (${(error as Error).message})`]);
  }
}

/** Number of the pull request that an event is about, also of a comment on one, and of a run that followed one. */
function pullRequestOf(event: Fields): number | undefined {
  const issue = fieldsOf(event.issue);
  const runs = fieldsOf(event.workflow_run).pull_requests;
  const candidates: unknown[] = [
    fieldsOf(event.pull_request).number,
    issue.pull_request === undefined ? undefined : issue.number,
    Array.isArray(runs) ? fieldsOf(runs[0]).number : undefined,
  ];
  return candidates.find((number): number is number => Number.isInteger(number));
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
