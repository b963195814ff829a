import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../cli/main";
import { InputError, UserError } from "../../profiles/errors";
import { postComment } from "../../review/github";
import { readGitHubContext, readRunContext } from "../../review/github-context";
import type { Marker } from "../../review/marker";
import { readMarker, writeMarker } from "../../review/marker";
import { captured } from "../support/command";
import { planOf } from "../support/changes";

interface Comment {
  id: number;
  body: string;
  user: { login: string };
}

/** The few endpoints of GitHub that a review needs, in memory. */
class FakeGitHub {
  readonly comments: Comment[] = [];
  readonly writes: string[] = [];
  /** answers to give first, instead of the right ones: status, and seconds to wait */
  readonly troubles: { status: number; retryAfter?: number; message?: string }[] = [];
  login: string | undefined = "reviewer";
  /** last commit of pull request 5 */
  headSha = "newest";
  readonly = false;
  pages = 0;
  private server?: Server;

  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => (body += part));
      request.on("end", () => {
        const url = new URL(request.url!, "http://github");
        const [status, answer, headers] = this.answer(
          request.method!,
          url,
          body,
          request.headers.authorization,
        );
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server!.closeAllConnections();
    this.server!.close();
  }

  private answer(
    method: string,
    url: URL,
    body: string,
    authorization?: string,
  ): [number, unknown, Record<string, string>?] {
    if (authorization !== "token secret") return [401, { message: "Bad credentials" }];
    const trouble = this.troubles.shift();
    if (trouble) {
      const { status, retryAfter, message = "trouble" } = trouble;
      return [status, { message }, retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }];
    }
    if (url.pathname === "/user") {
      return this.login === undefined
        ? [403, { message: "Resource not accessible by integration" }]
        : [200, { login: this.login }];
    }
    const list = /^\/repos\/team\/app\/issues\/(\d+)\/comments$/.exec(url.pathname);
    const one = /^\/repos\/team\/app\/issues\/comments\/(\d+)$/.exec(url.pathname);
    if (list && list[1] !== "5") return [404, { message: "Not Found" }];
    if (list && method === "GET") {
      this.pages++;
      const [page, size] = [
        Number(url.searchParams.get("page") ?? 1),
        Number(url.searchParams.get("per_page")),
      ];
      const next = page * size < this.comments.length;
      const link = `<http://${"x"}${url.pathname}?per_page=${size}&page=${page + 1}>; rel="next"`;
      return [
        200,
        this.comments.slice((page - 1) * size, page * size),
        next ? { link: link.replace("http://x", this.origin) } : {},
      ];
    }
    if (url.pathname === "/repos/team/app/pulls/5") return [200, { head: { sha: this.headSha } }];
    if (this.readonly) return [403, { message: "Resource not accessible by integration" }];
    const text = (JSON.parse(body || "{}") as { body: string }).body;
    if (list && method === "POST") {
      this.writes.push("POST");
      this.add(text);
      return [201, this.comments.at(-1)];
    }
    if (one && method === "PATCH") {
      this.writes.push(`PATCH ${one[1]}`);
      const comment = this.comments.find(({ id }) => id === Number(one[1]))!;
      comment.body = text;
      return [200, comment];
    }
    return [404, { message: "Not Found" }];
  }

  private get origin(): string {
    return `http://127.0.0.1:${(this.server!.address() as AddressInfo).port}`;
  }

  add(body: string, login = this.login ?? "github-actions[bot]"): void {
    this.comments.push({ id: 100 + this.comments.length, body, user: { login } });
  }
}

let github: FakeGitHub;
let apiUrl: string;
beforeEach(async () => {
  github = new FakeGitHub();
  apiUrl = await github.start();
  jest.spyOn(console, "warn").mockImplementation();
  jest.spyOn(console, "error").mockImplementation();
});
afterEach(() => {
  github.stop();
  jest.restoreAllMocks();
});

const marker = (over: Partial<Marker> = {}): Marker => ({
  stack: "lof",
  environment: "prod",
  profiles: ["lambda-prod"],
  sha: "abc",
  run: { id: 10, attempt: 1 },
  ...over,
});
const body = (text: string, over: Partial<Marker> = {}) => `${writeMarker(marker(over))}\n${text}\n`;
const post = (
  text: string,
  over: Partial<Marker> = {},
  options: { author?: string; isNews?: boolean; pullRequest?: number; headSha?: string } = {},
) =>
  postComment(
    {
      apiUrl,
      owner: "team",
      repo: "app",
      pullRequest: options.pullRequest ?? 5,
      ...(options.headSha !== undefined && { headSha: options.headSha }),
    },
    marker(over),
    body(text, over),
    { token: "secret", isNews: options.isNews ?? true, author: options.author, retryPauseMs: 1 },
  );

describe("the one comment", () => {
  it("is created, then updated in place", async () => {
    expect(await post("one")).toBe("created");
    expect(await post("two", { run: { id: 11, attempt: 1 } })).toBe("updated");
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]!.body).toContain("two");
    expect(github.writes).toEqual(["POST", "PATCH 100"]);
  });

  it("is not posted again when it says the same, whatever commit and run it is of", async () => {
    await post("same");
    expect(await post("same", { run: { id: 11, attempt: 1 }, sha: "def" })).toBe("unchanged");
    // GitHub may give line ends back in another form.
    github.comments[0]!.body = github.comments[0]!.body.replace(/\n/g, "\r\n");
    expect(await post("same", { run: { id: 12, attempt: 1 } })).toBe("unchanged");
    expect(github.writes).toEqual(["POST"]);
  });

  it.each<[string, Marker["run"]]>([
    ["an earlier run", { id: 9, attempt: 3 }],
    ["an earlier attempt of the same run", { id: 10, attempt: 1 }],
  ])("is not taken back by %s", async (_, run) => {
    await post("new", { run: { id: 10, attempt: 2 } });
    expect(await post("old", { run })).toBe("older");
    expect(github.comments[0]!.body).toContain("new");
  });

  it("is not taken back by an old run that is run again, though the newer one had nothing to post", async () => {
    const at = (id: number) => ({ run: { id, attempt: 1 } });
    github.headSha = "first";
    await post("as it was and is", at(10), { headSha: "first" });
    // Run 11 of the second commit was cut off.
    github.headSha = "newest";
    expect(await post("as it was and is", at(12), { headSha: "newest" })).toBe("unchanged");
    const again = { run: { id: 11, attempt: 2 } };
    expect(await post("tried and taken back", again, { headSha: "second" })).toBe("outdated");
    expect(github.comments[0]!.body).toContain("as it was and is");
  });

  it("is not begun by the run of a commit that is not the last one any more", async () => {
    expect(await post("old", {}, { headSha: "first" })).toBe("outdated");
    expect(await post("new", {}, { headSha: "newest" })).toBe("created");
    expect(github.writes).toEqual(["POST"]);
  });

  it.each<[string, Partial<Marker>]>([
    ["environment", { environment: "non-prod" }],
    ["stack", { stack: "lof-2" }],
  ])("is another one for another %s", async (_, over) => {
    await post("a");
    expect(await post("b", over)).toBe("created");
    expect(github.comments.map(({ body: text }) => text.split("\n")[1])).toEqual(["a", "b"]);
  });

  it("is never that of somebody else, and never one that only quotes the marker", async () => {
    github.add(body("a person's"), "somebody");
    github.add(`> ${body("quoted")}`);
    expect(await post("ours")).toBe("created");
    expect(github.comments.map(({ body: text }) => text.includes("ours"))).toEqual([false, false, true]);
  });

  it("is found behind more than a hundred others", async () => {
    for (let n = 0; n < 250; n++) github.add(`talk ${n}`, "somebody");
    github.add(body("old"));
    expect(await post("new", { run: { id: 11, attempt: 1 } })).toBe("updated");
    expect(github.pages).toBe(3);
  });

  it("is that of the Actions bot for a token that may not ask who it is, or of a named author", async () => {
    github.login = undefined;
    github.add(body("old"), "github-actions[bot]");
    expect(await post("new", { run: { id: 11, attempt: 1 } })).toBe("updated");
    github.add(body("old"), "my-app[bot]");
    expect(await post("newer", { run: { id: 12, attempt: 1 } }, { author: "my-app[bot]" })).toBe("updated");
    expect(github.writes).toEqual(["PATCH 100", "PATCH 101"]);
  });

  it("is not begun to say that nothing changes, but ends that way", async () => {
    expect(await post("No profile changes.", {}, { isNews: false })).toBe("nothing to say");
    await post("something");
    expect(await post("No profile changes.", {}, { isNews: false })).toBe("updated");
  });
});

describe("troubles", () => {
  it("asks again after server errors and a secondary rate limit", async () => {
    github.troubles.push({ status: 502 }, { status: 500 });
    expect(await post("one")).toBe("created");
    github.troubles.push({ status: 403, retryAfter: 1, message: "You have exceeded a secondary rate limit" });
    expect(await post("two", { run: { id: 11, attempt: 1 } })).toBe("updated");
  }, 20_000);

  it("gives up in the end", async () => {
    for (let n = 0; n < 9; n++) github.troubles.push({ status: 503 });
    await expect(post("one")).rejects.toMatchObject({ status: 503 });
  }, 20_000);

  it("says that the token may not write, so that the review can go elsewhere", async () => {
    github.readonly = true;
    expect(await post("one")).toBe("refused");
  });

  it("says what is wrong with the number", async () => {
    await expect(post("one", {}, { pullRequest: 6 })).rejects.toThrow(
      new UserError("GitHub knows no pull request 6 of team/app, or GITHUB_TOKEN may not see it (404)"),
    );
  });
});

describe("the marker", () => {
  it("comes back as it was, with names that would end it", () => {
    const odd = marker({ stack: "a --> b=c", environment: "non--prod", profiles: ["x,y", "<z>"] });
    const line = writeMarker(odd);
    expect(readMarker(`${line}\ntext`)).toEqual(odd);
    expect(line.slice(4, -3)).not.toMatch(/--|[<>]/);
  });
});

describe("the run", () => {
  const folder = mkdtempSync(join(tmpdir(), "github-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const at = (event: unknown) => ({
    GITHUB_REPOSITORY: "team/app",
    GITHUB_EVENT_PATH: file("event.json", event),
  });

  it.each([
    ["a pull request", { pull_request: { number: 5 } }, 5],
    ["a comment on one", { issue: { number: 5, pull_request: {} } }, 5],
    ["a run that followed one", { workflow_run: { pull_requests: [{ number: 5 }] } }, 5],
    ["a push", { ref: "refs/heads/main" }, undefined],
    ["a comment on an issue", { issue: { number: 5 } }, undefined],
  ])("knows the pull request of %s", (_, event, number) => {
    expect(readGitHubContext(at(event)).pullRequest).toBe(number);
  });

  it("knows the last commit of the pull request that its event is of, and of no other one", () => {
    const event = at({ pull_request: { number: 5, head: { sha: "head" } } });
    expect(readGitHubContext(event).headSha).toBe("head");
    expect(readGitHubContext(event, 5).headSha).toBe("head");
    expect(readGitHubContext(event, 6).headSha).toBeUndefined();
    expect(readGitHubContext(at({ issue: { number: 5, pull_request: {} } })).headSha).toBeUndefined();
  });

  it("takes the commit of the branch, not the merge", () => {
    const env = {
      ...at({ pull_request: { head: { sha: "head" } } }),
      GITHUB_SHA: "merge",
      GITHUB_RUN_ID: "7",
    };
    expect(readRunContext(env)).toEqual({ sha: "head", run: { id: 7, attempt: 1 } });
  });

  it("is refused without a repository", () => {
    expect(() => readGitHubContext({})).toThrow(InputError);
  });

  describe("review --post", () => {
    const variables = [
      "TOKEN",
      "REPOSITORY",
      "EVENT_PATH",
      "API_URL",
      "STEP_SUMMARY",
      "RUN_ID",
      "RUN_ATTEMPT",
      "SHA",
    ];
    const before = { ...process.env };
    afterEach(() => {
      for (const name of variables) {
        const key = `GITHUB_${name}`;
        if (before[key] === undefined) delete process.env[key];
        else process.env[key] = before[key];
      }
    });
    const summary = join(folder, "summary.md");
    const plan = file(
      "plan.json",
      planOf(
        Array.from({ length: 30 }, (_, n) => ({
          type: "aws_sns_topic",
          name: `topic-${n}`,
          after: { name: "a" },
        })),
      ),
    );
    const review = (event: unknown, ...args: string[]) => {
      Object.assign(process.env, at(event), {
        GITHUB_TOKEN: "secret",
        GITHUB_API_URL: apiUrl,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_RUN_ID: "7",
        GITHUB_RUN_ATTEMPT: "2",
        GITHUB_SHA: "abc",
      });
      writeFileSync(summary, "");
      return captured(() => main(["review", plan, "--post", ...args]));
    };

    it("posts to the pull request of the run", async () => {
      const { status, stdout, stderr } = await review({ pull_request: { number: 5 } });
      expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
      expect(stderr).toContain("Comment at pull request 5: created");
      expect(readMarker(github.comments[0]!.body)).toMatchObject({
        stack: "lof",
        run: { id: 7, attempt: 2 },
      });
      expect(readFileSync(summary, "utf8")).toBe("");
    });

    it("says that it is not of the last commit, and leaves its text in the step summary", async () => {
      const pull_request = { number: 5, head: { sha: "older" } };
      const { status, stderr } = await review({ pull_request });
      expect([status, github.writes]).toEqual([0, []]);
      expect(stderr).toContain("the pull request has a newer commit");
      expect(readFileSync(summary, "utf8")).toContain("## Infrastructure review");
    });

    it("writes the step summary when the comment is cut, and when there is no pull request", async () => {
      await review({ pull_request: { number: 5 } }, "--max-characters", "1000");
      expect(github.comments[0]!.body.length).toBeLessThanOrEqual(1000);
      expect(readFileSync(summary, "utf8")).toContain("`aws_sns_topic.topic-29`");
      await review({});
      expect(github.comments).toHaveLength(1);
      expect(readFileSync(summary, "utf8")).toContain("`aws_sns_topic.topic-29`");
    });

    it("writes the step summary with the token of a fork", async () => {
      github.readonly = true;
      const { status, stderr } = await review({ pull_request: { number: 5 } });
      expect([status, stderr.includes("may not write")]).toEqual([0, true]);
      expect(readFileSync(summary, "utf8")).toContain("## Infrastructure review");
    });
  });
});
