/**
 * Something that the user has to put right, in words a user can act on. Commands print the message alone and exit
 * with status 2; there is never a stack trace for it.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/** What is wrong with an input: all faults of it together. */
export class InputError extends UserError {
  override readonly name = "InputError";

  /** @param faults one sentence or more each */
  constructor(readonly faults: readonly string[]) {
    super(faults.join("\n"));
  }
}

/** Why a file can't be read, without the system's names for it. */
export function whyUnreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (
    { ENOENT: "there is no such file", EISDIR: "is a folder", EACCES: "no permission to" }[code ?? ""] ??
    message
  );
}
