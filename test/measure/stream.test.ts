import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Exchange } from "../../measure/http";
import { exchange } from "../../measure/http";
import { streamArrival } from "../../measure/stream";

function arrived(pieces: readonly [atMs: number, text: string][], problem?: string): Exchange {
  return {
    status: 200,
    pieces: pieces.map(([atMs, text]) => ({ atMs, bytes: Buffer.from(text) })),
    ms: pieces.at(-1)?.[0] ?? 0,
    problem,
  };
}

describe("events of a stream", () => {
  it("are counted when they are whole, wherever pieces end; comments are none", () => {
    const stream = streamArrival(
      arrived([
        [10, "data: a\n"],
        [15, "\ndata: b\n\n: heartbeat\n\n"],
        [40, ": heartbeat\n\n"],
        [60, "event: x\r"],
        [61, "\ndata: c\r\n\r\n"],
      ]),
    );
    expect(stream).toEqual({ events: 3, gapsMs: [0, 46], silenceMs: 25, cut: false });
  });

  it("tell a whole stream by its last event, if it has one", () => {
    const pieces: [number, string][] = [[1, "data: a\n\ndata: [DONE]\n\n"]];
    expect(streamArrival(arrived(pieces), "[DONE]").cut).toBe(false);
    expect(streamArrival(arrived([[1, "data: a\n\n"]]), "[DONE]").cut).toBe(true);
    expect(streamArrival(arrived([[1, "data: a\n\n"]])).cut).toBe(false);
    expect(streamArrival(arrived([[1, "data: a\n\n"]], "ECONNRESET")).cut).toBe(true);
  });
});

describe("a stream from a server", () => {
  let server: http.Server;
  let port: number;
  beforeAll(async () => {
    server = http.createServer(async ({ url }, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (let i = 0; i < 3; i++) {
        response.write(`data: ${i}\n\n`);
        await wait(60);
      }
      if (url === "/cut") response.destroy();
      else response.end("data: [DONE]\n\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());

  it("shows its first byte before its end, and the gaps between its events", async () => {
    const answer = await exchange({ host: "127.0.0.1", port, path: "/" });
    const { events, gapsMs, silenceMs, cut } = streamArrival(answer, "[DONE]");
    expect([events, cut, answer.problem]).toEqual([4, false, undefined]);
    expect(answer.ms - answer.pieces[0]!.atMs).toBeGreaterThan(150);
    for (const gap of gapsMs) expect(gap).toBeGreaterThan(45);
    expect(silenceMs).toBe(Math.max(...gapsMs));
  });

  it("that is cut is a failure with what came before", async () => {
    const answer = await exchange({ host: "127.0.0.1", port, path: "/cut" });
    expect(answer.problem).toBe("ECONNRESET");
    expect(streamArrival(answer)).toMatchObject({ events: 3, cut: true });
  });

  it("that takes too long is given up", async () => {
    const answer = await exchange({ host: "127.0.0.1", port, path: "/", timeoutMs: 90 });
    expect(answer.problem).toBe("timeout");
    expect(answer.pieces.length).toBeGreaterThan(0);
  });

  it("that no server sends is a failure, too", async () => {
    const closed = http.createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port: free } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    expect((await exchange({ host: "127.0.0.1", port: free, path: "/" })).problem).toBe("ECONNREFUSED");
  });
});
