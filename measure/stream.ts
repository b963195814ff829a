import type { Exchange } from "./http";

/** How a stream of server-sent events arrived. */
export interface StreamArrival {
  /** whole events; comments, as heartbeats are, are none */
  readonly events: number;
  /** milliseconds from each event to the next */
  readonly gapsMs: readonly number[];
  /** the longest time without a byte after the first, heartbeats counted */
  readonly silenceMs: number;
  /** whether it ended before its end */
  readonly cut: boolean;
}

/**
 * Reads the events of an answer, and when each was whole. An event ends with an empty line.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 *
 * @param lastHolds text that the last event holds. Without it a stream that ends by itself counts as whole
 */
export function streamArrival({ pieces, problem }: Exchange, lastHolds?: string): StreamArrival {
  const decoder = new TextDecoder();
  const times: number[] = [];
  let rest = "";
  let last = "";
  for (const { atMs, bytes } of pieces) {
    // A line may end with CR LF, LF or CR; one that is cut between CR and LF is put together by the next piece.
    const text = (rest + decoder.decode(bytes, { stream: true })).replace(/\r\n|\r(?!$)/g, "\n");
    const blocks = text.split("\n\n");
    rest = blocks.pop()!;
    for (const block of blocks) {
      if (!/^[^:\n]/m.test(block)) continue;
      times.push(atMs);
      last = block;
    }
  }
  const bytesMs = pieces.map(({ atMs }) => atMs);
  return {
    events: times.length,
    gapsMs: gaps(times),
    silenceMs: Math.max(0, ...gaps(bytesMs)),
    cut: problem !== undefined || (lastHolds !== undefined && !last.includes(lastHolds)),
  };
}

const gaps = (times: readonly number[]) => times.slice(1).map((time, i) => time - times[i]!);
