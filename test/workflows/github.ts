import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that came in. */
export interface ApiRequest {
  readonly method: string;
  /** Below the repository, with its query. */
  readonly path: string;
  readonly authorization?: string;
  readonly body?: Record<string, unknown>;
}

/** A stand-in for GitHub's API: answers by method and path, each with a status or a body for status 200. */
export class FakeGitHub {
  readonly requests: ApiRequest[] = [];
  answers: Record<string, unknown> = {};
  private readonly server: Server;

  constructor(private readonly repository: string) {
    this.server = createServer((request, response) => {
      let text = "";
      request.on("data", (part: Buffer) => (text += part.toString()));
      request.on("end", () => {
        const path = request.url!.replace(`/repos/${this.repository}/`, "");
        const { method = "", headers } = request;
        const body = text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>);
        this.requests.push({ method, path, authorization: headers.authorization, body });
        const answer = this.answers[`${method} ${path.split("?")[0]}`] ?? 404;
        const status = typeof answer === "number" ? answer : 200;
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(typeof answer === "number" ? { message: "no" } : answer));
      });
    });
  }

  /** @returns the URL of the API */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}
