// Writes a review as the one note of a merge request: the same note is updated by each pipeline.
//
//     node docs/examples/gitlab-note.mjs review.md
//
// Reads GitLab's own variables, and GITLAB_TOKEN: a project access token with the scope `api` and the role Reporter.
import { readFileSync } from "node:fs";

const {
  CI_API_V4_URL: api,
  CI_PROJECT_ID: project,
  CI_MERGE_REQUEST_IID: request,
  GITLAB_TOKEN: token,
} = process.env;
const body = readFileSync(process.argv[2], "utf8");
// Up to the fields that differ from run to run; a note of somebody else never begins so by accident, and is checked below.
const marker = /^<!-- lambda-or-fargate:v1 stack=\S+ env=\S+/.exec(body)?.[0];
if (!marker) throw new Error(`${process.argv[2]} does not begin with the marker of a review`);

const ask = async (method, path, content) => {
  const answer = await fetch(`${api}${path}`, {
    method,
    headers: { "private-token": token, "content-type": "application/json" },
    ...(content && { body: JSON.stringify(content) }),
  });
  if (!answer.ok) throw new Error(`GitLab answers ${answer.status} to ${method} ${path}`);
  return answer;
};

const me = await (await ask("GET", "/user")).json();
const notes = `/projects/${project}/merge_requests/${request}/notes`;
let mine;
for (let page = "1"; page && !mine;) {
  const answer = await ask("GET", `${notes}?per_page=100&page=${page}`);
  mine = (await answer.json()).find(
    (note) => note.author.id === me.id && `${note.body} `.startsWith(`${marker} `),
  );
  page = answer.headers.get("x-next-page");
}
if (!mine) await ask("POST", notes, { body });
else if (mine.body !== body) await ask("PUT", `${notes}/${mine.id}`, { body });
