import type { Comparison } from "../estimate/compare";
import type { Pen, Size } from "./draw";
import type { Look } from "./looks";

/** What charts are drawn from. */
export interface Scene {
  readonly pen: Pen;
  readonly comparison: Comparison;
  readonly looks: ReadonlyMap<string, Look>;
}

/** A chart with what stands around it. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  /** what the chart shows, in a sentence or two computed from its data; also its text alternative */
  readonly summary: string;
  /** how to read it */
  readonly note: string;
  /** as SVG */
  readonly draw: (size: Size) => string;
  /** the same as a table: the first row is its head, the first column its names */
  readonly table: readonly (readonly string[])[];
}
