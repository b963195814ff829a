import { doorName } from "../limits";
import type { Ingress, Profile } from "../schema";

/** One thing of a profile that AWS does not allow. */
export interface Fault {
  /** Keys from the profile down to the value. */
  readonly field: (string | number)[];
  readonly value: unknown;
  /** Why it can't be, and what to do instead. */
  readonly message: string;
}

/** What AWS does not allow, as data: the generated pages show each rule with its source. */
export interface Rule {
  readonly id: string;
  /** What the rule says, in one sentence. */
  readonly says: string;
  /** Where the fact comes from. */
  readonly source: string;
  /** The places where a profile breaks the rule; no place, no fault. */
  readonly faults: (profile: Profile) => Fault[];
}

/** A front door in a sentence. */
export const aDoor = (ingress: Ingress) =>
  `${doorName(ingress) === "REST API" ? "a" : "an"} ${doorName(ingress)}`;

/** A fault when it is one; the value comes last, so that rules read as sentences. */
export const faultIf = (
  broken: boolean,
  field: (string | number)[],
  value: unknown,
  message: string,
): Fault[] => (broken ? [{ field, value, message }] : []);
