import type * as Plot from "@observablehq/plot" with { "resolution-mode": "import" };
import { shortPath } from "./path";

type PlotLibrary = typeof Plot;
type Marks = NonNullable<PlotOptions["marks"]>;
type PlotOptions = Plot.PlotOptions;

/** The chart library, and a document to draw into without a browser. */
export interface Pen {
  readonly plot: PlotLibrary;
  readonly newDocument: () => unknown;
}

/** Both are ES modules, which take a while to load: only who draws does. */
export async function loadPen(): Promise<Pen> {
  const [plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom/worker")]);
  return { plot, newDocument: () => parseHTML("<html><body></body></html>").document };
}

/** Charts are drawn twice, for wide and for narrow screens: scaled down, their text could not be read. */
export interface Size {
  readonly width: number;
  readonly fontSize: number;
  readonly isNarrow: boolean;
}

export const sizes: Readonly<Record<"wide" | "narrow", Size>> = {
  wide: { width: 960, fontSize: 13, isNarrow: false },
  narrow: { width: 360, fontSize: 11.5, isNarrow: true },
};

/** A chart as static SVG; its colours are variables of the page's style. */
export function draw(
  { plot, newDocument }: Pen,
  { width, fontSize }: Size,
  label: string,
  options: PlotOptions,
): string {
  const svg = plot.plot({
    document: newDocument(),
    width,
    className: "chart",
    style: { fontSize: `${fontSize}px` },
    ...options,
  } as PlotOptions);
  for (const style of svg.querySelectorAll("style")) style.remove();
  // The chart is one picture with one description; those of its parts would not be read.
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  for (const path of svg.querySelectorAll("path")) {
    path.setAttribute("d", shortPath(path.getAttribute("d") ?? ""));
  }
  for (const attribute of ["width", "height", "font-family"]) svg.removeAttribute(attribute);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  // A hundredth of a pixel is enough.
  return svg.outerHTML.replace(/(\d\.\d\d)\d+/g, "$1");
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A part of a chart that the library has no mark for; text is escaped when it is written. */
export type Shape = readonly [name: string, attributes: Attributes, content?: string];

export interface Frame {
  /** of the area that marks are drawn in, in pixels */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** A mark of shapes whose places follow from the scales. */
export function shapes(of: (frame: Frame) => readonly Shape[]): Marks[number] {
  return ((_index, scales, _values, dimensions, context) => {
    const { width, height, marginLeft, marginRight, marginTop, marginBottom } = dimensions;
    const frame = {
      left: marginLeft,
      right: width - marginRight,
      top: marginTop,
      bottom: height - marginBottom,
      x: scales.x as Frame["x"],
      y: scales.y as Frame["y"],
    };
    const create = (name: string) => context.document.createElementNS("http://www.w3.org/2000/svg", name);
    const group = create("g");
    for (const [name, attributes, content] of of(frame)) {
      const shape = create(name);
      for (const [key, value] of Object.entries(attributes)) {
        if (value !== undefined) shape.setAttribute(key, String(value));
      }
      if (content !== undefined) shape.textContent = content;
      group.append(shape);
    }
    return group;
  }) as Marks[number];
}
