import { parseArgs } from "node:util";
import type { Answer } from "./ask";
import { ask, browsableUrl, digest, streamedText } from "./ask";
import type { Outputs } from "./deploy";
import { deployAfresh, deployAndWait, destroy } from "./deploy";
import { printDifferences } from "./differences";
import { buildLocalImage } from "./image";
import { table } from "./table";
import { ensureDocker } from "./tools/docker";
import { ministackStatus, stopMinistack } from "./tools/ministack";
import { runCommand } from "./run-command";

const help = `npm start [-- --keep]

Builds the image, starts a local AWS, deploys it once on Lambda behind API Gateway (lambda-prod) and once on Fargate
behind a load balancer (fargate-sse), asks both the same questions and compares the answers. Then it takes all down.

  --keep   leave it running and print the URLs (stop it with: npx lambda-or-fargate local stop)
  --help   this text
`;

const profiles = ["lambda-prod", "fargate-sse"];

const questions = [
  "Which rights are unalienable?",
  "May soldiers be quartered in a house in time of peace?",
  "Which front door lets a response arrive in pieces?",
];

interface Row {
  readonly request: string;
  /** Digest of the answer and milliseconds, by profile. */
  readonly answers: readonly { readonly digest: string; readonly answer: Answer }[];
}

void runCommand(async () => {
  const { values } = parseArgs({ options: { keep: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const docker = await ensureDocker();
  const image = await buildLocalImage(docker);
  printDifferences();
  // A local AWS that runs already is somebody's: it is used, and left as it was.
  const wasRunning = (await ministackStatus()).running;
  let equal = false;
  try {
    const { outputs, firstAnswerMs } = await (wasRunning
      ? deployAndWait(profiles, image)
      : deployAfresh(docker, profiles, image));
    equal = await compare(
      profiles.map((name) => outputs[name]!),
      profiles.map((name) => firstAnswerMs[name]!),
    );
    if (values.keep) printUrls(outputs);
  } finally {
    if (!values.keep) {
      await destroy(profiles, image);
      if (!wasRunning) await stopMinistack(docker);
    }
  }
  if (!equal) process.exitCode = 1;
});

async function compare(outputs: readonly Outputs[], firstAnswerMs: readonly number[]): Promise<boolean> {
  const rows: Row[] = [
    await askAll("GET /models", outputs, "/models"),
    ...(await inOrder(questions, (query) =>
      askAll(`POST /retrieve "${query}"`, outputs, "/retrieve", { query, limit: 3 }),
    )),
  ];
  const stream = await askAll(
    "POST /chat, streamed",
    outputs,
    "/chat",
    { messages: [{ role: "user", content: questions[0] }], stream: true, stream_options: { pace_ms: 150 } },
    (answer) => streamedText(answer.body),
  );
  rows.push(stream);
  printTable(outputs, firstAnswerMs, rows);
  outputs.forEach((output, i) => {
    process.stdout.write(`${frontDoor(output)}: the stream ${arrival(stream.answers[i]!.answer)}\n`);
  });
  const equal = rows.every((row) => isGood(row) && new Set(row.answers.map((a) => a.digest)).size === 1);
  process.stdout.write(equal ? "\nAll answers are equal.\n" : "\nThe answers differ, or one is missing.\n");
  return equal;
}

async function askAll(
  request: string,
  outputs: readonly Outputs[],
  path: string,
  body?: unknown,
  textOf: (answer: Answer) => string = (answer) => answer.body,
): Promise<Row> {
  const answers = await inOrder(outputs, async ({ url }) => {
    const answer = await ask(url, path, body);
    return { digest: digest(textOf(answer)), answer };
  });
  return { request, answers };
}

/** One after the other: the emulator of the Lambda runtime takes one request at a time. */
async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

const isGood = (row: Row) =>
  row.answers.every(({ answer }) => answer.status === 200 && answer.body.length > 0);

function frontDoor({ runtime, url }: Outputs): string {
  const door = url.includes("execute-api") ? "API Gateway" : "ALB";
  return `${runtime === "lambda" ? "Lambda" : "Fargate"} behind ${door}`;
}

function arrival({ piecesMs }: Answer): string {
  const spread = Math.round((piecesMs.at(-1) ?? 0) - (piecesMs[0] ?? 0));
  return piecesMs.length > 1 && spread >= 100
    ? `arrived in ${piecesMs.length} pieces over ${spread} ms`
    : "arrived at once";
}

function printTable(
  outputs: readonly Outputs[],
  firstAnswerMs: readonly number[],
  rows: readonly Row[],
): void {
  const cells = [
    ["request", ...outputs.flatMap((output) => [frontDoor(output), "ms"])],
    ["first answer after the deployment", ...firstAnswerMs.flatMap((ms) => ["", ms.toFixed(0)])],
    ...rows.map((row) => [
      row.request,
      ...row.answers.flatMap(({ digest: hash, answer }) => [
        answer.status === 200 ? hash : `status ${answer.status}`,
        answer.ms.toFixed(0),
      ]),
    ]),
  ];
  process.stdout.write(`\n${table(cells, (column) => column > 0 && column % 2 === 0)}\n\n`);
}

function printUrls(outputs: Record<string, Outputs>): void {
  for (const [name, { url }] of Object.entries(outputs)) {
    process.stdout.write(`${name}: ${browsableUrl(url)}  (try: curl ${browsableUrl(url)}/models)\n`);
  }
  process.stdout.write("Stop with: npx lambda-or-fargate local stop\n");
}
