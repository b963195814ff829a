import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// A local AWS of the tests' own, beside one that a developer may be using.
process.env.LOF_LOCAL_PORT ??= "4599";
process.env.LOF_LOCAL_DIRECTORY ??= mkdtempSync(join(tmpdir(), "local-aws-"));
