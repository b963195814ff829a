import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { cachePath, step, withLock } from "../../../local/tools/context";
import type { Docker } from "../../../local/tools/docker";
import { writeCorpus } from "./corpus";

const seed = 20261125;
export const corpusSources = "container/documents";

export interface WarmIndex {
  /** The folder on this machine that goes into the container at `inside`. */
  readonly folder: string;
  readonly inside: string;
  /** Tells the server to use it. */
  readonly env: Readonly<Record<string, string>>;
}

const inside = "/bench-index";

/**
 * An index of made-up text, built by the project's image at the first use and again when the server's code, the size
 * or the seed changes. It serves every variant: they have the same model, or use the texts alone.
 */
export async function ensureWarmIndex(docker: Docker, image: string, chunks: number): Promise<WarmIndex> {
  const id = createHash("sha256").update(`${chunks} ${seed} ${codeDigest()}`).digest("hex").slice(0, 12);
  const folder = cachePath("bench-index", id);
  const index = path.join(folder, "index");
  const made = { folder: index, inside, env: { INDEX_PATH: inside } };
  const complete = path.join(folder, "complete");
  if (fs.existsSync(complete)) return made;
  return withLock("bench-index", async () => {
    fs.rmSync(path.dirname(folder), { recursive: true, force: true });
    const sources = path.join(folder, "sources");
    writeCorpus(corpusSources, sources, chunks, seed);
    fs.mkdirSync(index, { recursive: true });
    await step(`Building an index of ${chunks} chunks (some minutes the first time)`, (report) =>
      docker.run(
        [
          ...["run", "--rm", "--user", "0", "--network", "none", "--entrypoint", "", "--tmpfs", "/tmp"],
          ...["--volume", `${sources}:/sources:ro`, "--volume", `${index}:/out`],
          image,
          ...["python3", "-m", "retrieval_server.index", "build", "/sources", "--out", "/out"],
        ],
        { onLine: report },
      ),
    );
    // The server in the container is not root.
    for (const name of fs.readdirSync(index)) fs.chmodSync(path.join(index, name), 0o644);
    fs.writeFileSync(complete, "");
    return made;
  });
}

/** Of the code that splits and embeds text, and of its packages. */
function codeDigest(): string {
  const hash = createHash("sha256");
  for (const folder of ["container", "container/retrieval_server"]) {
    for (const name of fs.readdirSync(folder).sort()) {
      if (/^(requirements.*\.txt|(documents|embedder|embedder_onnx|index|manifest|passages)\.py)$/.test(name))
        hash.update(name).update(fs.readFileSync(path.join(folder, name)));
    }
  }
  return hash.digest("hex");
}
