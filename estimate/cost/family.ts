import type { PriceBook } from "../prices/book";
import type { Workload } from "../workload/workload";
import type { Usage } from "../usage";
import type { Charge } from "./charge";
import type { Graph } from "./graph";

export interface CostContext {
  readonly graph: Graph;
  readonly workload: Workload;
  readonly usage: Usage;
  readonly book: PriceBook;
  readonly hoursPerMonth: number;
  /** Says what was taken as given for lack of better knowledge. Said once, however often it is used. */
  assume(text: string): void;
  /** Reports a resource of a priced type that can't be priced. */
  notPriced(address: string, reason: string): void;
}

/** Resource types that are charged together, and how. */
export interface CostFamily {
  readonly types: readonly string[];
  charges(context: CostContext): Charge[];
}

/** AWS counts data in binary units, except where its examples show otherwise. */
export const kbPerGb = 1024 * 1024;
