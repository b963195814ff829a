/**
 * What a user got wrong, in words a user can act on. Commands print the message alone and exit with status 2;
 * there is never a stack trace for it.
 */
export class InputError extends Error {
  override readonly name = "InputError";

  /** @param faults one sentence or more each; all faults of one input are reported together */
  constructor(readonly faults: readonly string[]) {
    super(faults.join("\n"));
  }
}
