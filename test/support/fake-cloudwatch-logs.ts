import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An event as the fake keeps it. */
export interface StoredEvent {
  readonly stream: string;
  readonly timeMs: number;
  readonly message: string;
}

export interface StoredStream {
  readonly logStreamName: string;
  readonly creationTime: number;
  readonly lastEventTimestamp?: number;
}

interface Input {
  readonly logGroupName?: string;
  readonly queryId: string;
  readonly nextToken?: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly queryString: string;
}

type Answer = readonly [status: number, body: object];
const fault = (name: string, message: string): Answer => [400, { __type: name, message }];

/**
 * The three calls of CloudWatch Logs that `cold-starts` makes, over HTTP, for one log group: StartQuery (a span with both
 * ends, the regular expression and the limit of the query), GetQueryResults and DescribeLogStreams.
 */
export class FakeCloudWatchLogs {
  readonly calls: string[] = [];
  /** Answers that come before the right one, by call, one a call. */
  readonly faults: Record<string, Answer[]> = {};
  private readonly results = new Map<string, { asked: number; body: object }>();
  private readonly server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      const call = String(request.headers["x-amz-target"]).split(".").at(-1)!;
      this.calls.push(call);
      const [status, answer] = this.faults[call]?.shift() ?? this.answer(call, JSON.parse(body));
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(answer));
    });
  });

  constructor(
    private readonly group: string,
    private readonly events: readonly StoredEvent[],
    private readonly streams: readonly StoredStream[] = [],
  ) {}

  /** What a client needs to reach it. */
  async start() {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const { port } = this.server.address() as AddressInfo;
    return {
      endpoint: `http://127.0.0.1:${port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The next calls of this kind fail so. */
  fail(call: string, ...names: string[]): void {
    this.faults[call] = names.map((name) => fault(name, `${name} of the fake`));
  }

  private answer(call: string, input: Input): Answer {
    if (input.logGroupName !== undefined && input.logGroupName !== this.group) {
      return fault("ResourceNotFoundException", "The specified log group does not exist.");
    }
    if (call === "StartQuery") return [200, { queryId: this.query(input) }];
    if (call === "GetQueryResults") {
      const result = this.results.get(input.queryId)!;
      result.asked += 1;
      return [200, result.asked === 1 ? { status: "Running", results: [] } : result.body];
    }
    const from = Number(input.nextToken ?? 0);
    const latest = (stream: StoredStream) => stream.lastEventTimestamp ?? stream.creationTime;
    const sorted = [...this.streams].sort((a, b) => latest(b) - latest(a));
    const next = from + 2 < sorted.length ? { nextToken: String(from + 2) } : {};
    return [200, { logStreams: sorted.slice(from, from + 2), ...next }];
  }

  private query({ startTime, endTime, queryString }: Input): string {
    const pattern = new RegExp(/like \/(.*)\/ \| sort/.exec(queryString)![1]!);
    const limit = Number(/limit (\d+)$/.exec(queryString)![1]);
    const matching = this.events.filter(
      ({ timeMs, message }) =>
        timeMs >= startTime * 1000 && timeMs <= endTime * 1000 && pattern.test(message),
    );
    const results = matching.slice(0, limit).map(({ timeMs, stream, message }) => [
      { field: "@timestamp", value: new Date(timeMs).toISOString().replace("T", " ").replace("Z", "") },
      { field: "@logStream", value: stream },
      { field: "@message", value: message },
    ]);
    const queryId = `query-${this.results.size}`;
    const body = { status: "Complete", results, statistics: { recordsMatched: matching.length } };
    this.results.set(queryId, { asked: 0, body });
    return queryId;
  }
}
