import { InputError } from "../../profiles/errors";
import { albRecord, isAlbLine } from "./alb-log";
import { apiGatewayRecord, isApiGatewayLine } from "./api-gateway-log";
import { csvColumns, readCsv } from "./csv";
import { linesOf } from "./lines";
import type { Line } from "./lines";
import type { RequestRecord } from "./request-record";
import { summarise } from "./summarise";
import type { Summary } from "./summarise";

/**
 * Reads access logs, in any order and of any kind, and says what they tell about a month.
 *
 * @throws InputError that names the file and line, or says that they cover too little
 */
export function importLogs(files: readonly string[]): Summary {
  return summarise(recordsOf(files), files.length === 1 ? files[0]! : `${files.length} files`);
}

function* recordsOf(files: readonly string[]): Generator<RequestRecord> {
  for (const file of files) {
    const kind = kindOf(file);
    if (kind === "csv") yield* readCsv(file);
    else for (const line of linesOf(file)) yield kind(line);
  }
}

function kindOf(file: string): "csv" | ((line: Line) => RequestRecord) {
  for (const { text, place } of linesOf(file)) {
    if (isAlbLine(text)) return albRecord;
    if (isApiGatewayLine(text)) return apiGatewayRecord;
    if (text.split(",").some((name) => csvColumns.some((column) => column === name.trim()))) return "csv";
    throw new InputError([
      `${place}: is not a line of a known log; give access logs of an ALB, JSON lines of API Gateway, or CSV with the columns ${csvColumns.join(", ")}`,
    ]);
  }
  throw new InputError([`${file}: is empty`]);
}
