/** One request of an access log or a trace, with what the log says of it. */
export interface RequestRecord {
  /** arrival, milliseconds since 1970 */
  readonly timeMs: number;
  /** how many requests the record stands for */
  readonly requests: number;
  /** without query and host */
  readonly path?: string;
  /** time that the service took to begin its answer */
  readonly ms?: number;
  readonly requestBytes?: number;
  readonly responseBytes?: number;
  /** how long the answer went on after its beginning, if it was streamed */
  readonly streamSeconds?: number;
  /** the same for all requests of one client connection; never stored */
  readonly connection?: string;
  /** asked by a monitor, not by a user */
  readonly ping?: boolean;
}
