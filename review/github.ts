import { randomUUID } from "node:crypto";
import { UserError } from "../profiles/errors";
import type { GitHubContext } from "./github-context";
import type { Marker } from "./marker";
import { isNewer, isSameReview, readMarker, withoutMarker } from "./marker";

/**
 * What became of a comment: `older`: a newer run has been there; `outdated`: the pull request has a newer commit; `refused`: the
 * token may not write.
 */
export type PostResult =
  "created" | "updated" | "unchanged" | "older" | "outdated" | "refused" | "nothing to say";

export interface PostOptions {
  readonly token: string;
  /** login of the author of our comments. @default - the token's user; of a run's own token `github-actions[bot]` */
  readonly author?: string;
  /** whether a comment is worth a first one; an old one is updated in any case */
  readonly isNews: boolean;
  /** ms of the first pause before another try; the next ones are longer. @default 1000 */
  readonly retryPauseMs?: number;
}

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user: { readonly login: string } | null;
}

interface PullRequest {
  readonly head: { readonly sha: string };
}

/** The user behind the token that GitHub Actions gives to a run; it may not ask who it is. */
const actionsBot = "github-actions[bot]";

/**
 * Creates the comment of a review at its pull request, or updates the one that is there: one of the same author with the same
 * stack and environment in its marker. A newer run's comment is left alone, as is one that says the same. That one keeps the
 * marker of the run that wrote it, so that runs alone do not tell what is newer: a run writes nothing, either, when its commit is
 * not the pull request's last one any more. Asks again after server errors and rate limits, as long as GitHub wants it to wait.
 *
 * @param body comment with its marker
 * @throws UserError when GitHub knows neither token nor pull request
 */
export async function postComment(
  context: GitHubContext & { readonly pullRequest: number },
  marker: Marker,
  body: string,
  options: PostOptions,
): Promise<PostResult> {
  const github = await connect(context, options);
  const { owner, repo, pullRequest: issue_number } = context;
  try {
    const author = options.author ?? (await whoAmI(github));
    const comments = (await github.paginate("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      owner,
      repo,
      issue_number,
      per_page: 100,
    })) as readonly Comment[];
    const ours = comments.flatMap(({ id, body: text, user }) => {
      const found = text === undefined ? undefined : readMarker(text);
      return found && user?.login === author && isSameReview(found, marker)
        ? [{ id, text: text!, marker: found }]
        : [];
    });
    if (ours.some(({ marker: other }) => isNewer(other, marker))) return "older";
    const [comment] = ours;
    if (!comment && !options.isNews) return "nothing to say";
    if (comment && withoutMarker(comment.text) === withoutMarker(body)) return "unchanged";
    if (context.headSha !== undefined) {
      const { data } = await github.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
        owner,
        repo,
        pull_number: issue_number,
      });
      if ((data as PullRequest).head.sha !== context.headSha) return "outdated";
    }
    if (!comment) {
      await github.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
        owner,
        repo,
        issue_number,
        body,
      });
      return "created";
    }
    await github.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      owner,
      repo,
      comment_id: comment.id,
      body,
    });
    return "updated";
  } catch (error) {
    const status = (error as { status?: unknown }).status;
    // The token of a pull request from a fork may read only: its review goes to the step summary.
    if (status === 403) return "refused";
    if (status === 401) throw new UserError("GITHUB_TOKEN is not valid (401)");
    if (status === 404) {
      throw new UserError(
        `GitHub knows no pull request ${issue_number} of ${owner}/${repo}, or GITHUB_TOKEN may not see it (404)`,
      );
    }
    throw error;
  }
}

type Client = Awaited<ReturnType<typeof connect>>;

/** Loaded when it is needed: most reviews are not posted. */
async function connect({ apiUrl }: GitHubContext, { token, retryPauseMs = 1000 }: PostOptions) {
  const [{ Octokit }, { paginateRest }, { retry }, { throttling }] = await Promise.all([
    import("@octokit/core"),
    import("@octokit/plugin-paginate-rest"),
    import("@octokit/plugin-retry"),
    import("@octokit/plugin-throttling"),
  ]);
  const tries = 4;
  const again = (_seconds: number, _request: unknown, _client: unknown, retries: number) => retries < tries;
  const Client = Octokit.plugin(paginateRest, retry, throttling);
  return new Client({
    auth: token,
    baseUrl: apiUrl,
    userAgent: "lambda-or-fargate",
    retry: { retries: tries, retryAfterBaseValue: retryPauseMs },
    throttle: {
      onRateLimit: again,
      onSecondaryRateLimit: again,
      retryAfterBaseValue: retryPauseMs,
      // Writes of one client keep a distance; one comment has none to keep from another run's.
      id: randomUUID(),
    },
  });
}

async function whoAmI(github: Client): Promise<string> {
  try {
    const { data } = await github.request("GET /user");
    return data.login;
  } catch (error) {
    if ((error as { status?: unknown }).status === 403) return actionsBot;
    throw error;
  }
}
