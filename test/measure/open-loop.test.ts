import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { exchange } from "../../measure/http";
import { dueTimes, openLoop } from "../../measure/open-loop";
import { requestSample } from "../../measure/samples";
import { seededRandom } from "../../measure/statistics";

describe("times at which requests are due", () => {
  it("are even", () => {
    expect(dueTimes({ rate: 4, seconds: 1, spacing: "even" }, Math.random)).toEqual([0, 250, 500, 750]);
  });

  it("come by chance, as many as the rate says, with gaps that are exponential", () => {
    const times = dueTimes({ rate: 100, seconds: 100, spacing: "poisson" }, seededRandom(1));
    // 10,000 expected, standard deviation 100.
    expect(Math.abs(times.length - 10_000)).toBeLessThan(400);
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    // A share of 1/e is longer than the mean gap of 10 ms.
    expect(gaps.filter((gap) => gap > 10).length / gaps.length).toBeCloseTo(1 / Math.E, 1);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
    expect(times.at(-1)).toBeLessThan(100_000);
  });

  it("are the same for the same seed", () => {
    const draw = (seed: number) => dueTimes({ rate: 5, seconds: 9, spacing: "poisson" }, seededRandom(seed));
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });
});

describe("an open loop", () => {
  /** Answers at once, but for a stall from 200 to 700 ms after the first request, as a garbage collection makes one. */
  async function stallingServer() {
    let first: number | undefined;
    const server = http.createServer((request, response) => {
      first ??= performance.now();
      const since = performance.now() - first;
      const stall = since >= 200 && since < 700 ? 700 - since : 0;
      request.resume().on("end", () => setTimeout(() => response.end("ok"), stall));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { server, port: (server.address() as AddressInfo).port };
  }

  it("counts what a stall makes requests wait that a client of the closed loop would never send", async () => {
    const { server, port } = await stallingServer();
    const agent = new http.Agent({ keepAlive: true });
    try {
      const due = dueTimes({ rate: 50, seconds: 1, spacing: "even" }, Math.random);
      const samples = await openLoop(
        due,
        () => exchange({ host: "127.0.0.1", port, path: "/", agent }),
        (sent) => requestSample(sent, undefined),
      );
      expect(samples.map(({ failure }) => failure)).toEqual(Array(50).fill(undefined));
      // 25 of the 50 were due in the stall, and the first of them waits all of it; one request after the other would have
      // seen it once. A machine with other work makes some of them later.
      const slow = samples.map(({ ms }) => ms).filter((ms) => ms > 100);
      expect(slow.length).toBeGreaterThanOrEqual(18);
      expect(Math.max(...slow)).toBeGreaterThan(440);
    } finally {
      agent.destroy();
      server.close();
    }
  });

  it("counts from when a request was due, not from when a busy client sent it", async () => {
    const busy = (ms: number) => {
      const end = performance.now() + ms;
      while (performance.now() < end);
    };
    const send = async (i: number) => {
      if (i === 0) busy(80);
      return { status: 200, pieces: [], ms: 5, problem: undefined };
    };
    const [, second] = await openLoop([0, 10, 20], send, (sent) => requestSample(sent, undefined));
    expect(second!.lateMs).toBeGreaterThanOrEqual(65);
    expect(second!.ms).toBeCloseTo(second!.lateMs + 5, 2);
  });

  it("sends no more once too many wait, and says so", async () => {
    const never = new Promise<string>(() => undefined);
    const waits: (() => void)[] = [];
    const all = openLoop(
      [0, 0, 0, 5],
      (i) => (i < 2 ? new Promise<string>((resolve) => waits.push(() => resolve(`answer ${i}`))) : never),
      ({ result }) => result,
      2,
    );
    setTimeout(() => waits.forEach((end) => end()), 30);
    expect(await all).toEqual(["answer 0", "answer 1", undefined, undefined]);
    const sample = requestSample({ dueMs: 0, lateMs: 1, result: undefined }, undefined);
    expect(sample.failure).toBe("not sent");
  });
});
