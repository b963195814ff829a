import type { Sent } from "./open-loop";
import { failureOf } from "./cold-start";
import type { Exchange } from "./http";
import type { ColdSample, RequestSample } from "./measurement";
import type { StreamArrival } from "./stream";
import { streamArrival } from "./stream";

/** How answers are read that are streams. */
export interface StreamSpec {
  /** text that the last event holds */
  readonly lastHolds?: string;
}

/** A thousandth of a millisecond is more than any clock here tells. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

/** A request of an open loop: its times run from when it was due. @param stream undefined: answers are no streams */
export function requestSample(
  { dueMs, lateMs, result }: Sent<Exchange>,
  stream: StreamSpec | undefined,
): RequestSample {
  const sent = { dueMs: rounded(dueMs), lateMs: rounded(lateMs) };
  if (result === undefined) return { ...sent, ms: rounded(lateMs), bytes: 0, failure: "not sent" };
  const failure = failureOf(result);
  const first = result.pieces[0]?.atMs;
  const arrival = stream && failure?.startsWith("status") !== true && streamArrival(result, stream.lastHolds);
  return {
    ...sent,
    ...(first !== undefined && { firstByteMs: rounded(lateMs + first) }),
    ms: rounded(lateMs + result.ms),
    bytes: result.pieces.reduce((sum, { bytes }) => sum + bytes.length, 0),
    ...(failure !== undefined && { failure }),
    ...(arrival && { stream: streamSample(arrival) }),
  };
}

/** A first request after idle time, as a client sees it. */
export function coldSample(result: Exchange): ColdSample {
  const failure = failureOf(result);
  const first = result.pieces[0]?.atMs;
  return {
    ms: rounded(result.ms),
    ...(first !== undefined && { firstByteMs: rounded(first) }),
    ...(failure !== undefined && { failure }),
  };
}

function streamSample({ events, gapsMs, silenceMs, cut }: StreamArrival): RequestSample["stream"] {
  return { events, gapsMs: gapsMs.map(rounded), silenceMs: rounded(silenceMs), cut };
}
