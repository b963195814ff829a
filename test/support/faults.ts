import { InputError } from "../../profiles/errors";

/** What a call refuses, one entry a fault; none when it does not throw. Any other error is a failure of the test. */
export function faultsOf(call: () => unknown): readonly string[] {
  try {
    call();
  } catch (error) {
    if (error instanceof InputError) return error.faults;
    throw error;
  }
  return [];
}
