/** Places of labels, so that none covers another. Widths of text are estimates, on the safe side. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export interface Place {
  /** middle of the text */
  readonly at: { readonly x: number; readonly y: number };
  readonly box: Box;
}

const angles = [0, 180, -90, 90, -45, 45, -135, 135, -22, 22, -158, 158, -68, 68, -112, 112];
const distances = [9, 14, 20, 28, 38, 50, 64, 80, 100, 125, 155, 190];

/** Mean width of a character over the font size, for the widest of the usual sans-serif fonts. */
const widthOfCharacter = 0.6;

export function textWidth(text: string, fontSize: number): number {
  return text.length * fontSize * widthOfCharacter;
}

/** The text, or as much of its start as fits. */
export function fitted(text: string, fontSize: number, width: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  return `${text.slice(0, Math.max(1, Math.floor(width / (fontSize * widthOfCharacter)) - 1))}…`;
}

/**
 * Puts each label near its point, the first ones first. A label never covers another label or a point of `keepOff`,
 * and covers as few as it can of the points of lines. One that has no such place is left out.
 *
 * @param bounds where labels may be
 */
export function placeLabels<A extends Anchor>(
  anchors: readonly A[],
  fontSize: number,
  bounds: Box,
  keepOff: readonly Box[],
  lines: readonly { readonly x: number; readonly y: number }[] = [],
): (A & Place)[] {
  const placed: (A & Place)[] = [];
  for (const anchor of anchors) {
    let best: { place: Place; cost: number } | undefined;
    for (const distance of distances) {
      // A place this far away can't be better any more.
      if (best && best.cost < distance) break;
      for (const angle of angles) {
        const place = labelAt(anchor, fontSize, distance, angle);
        if (!isInside(place.box, bounds)) continue;
        if ([...keepOff, ...placed.map(({ box }) => box)].some((box) => overlap(box, place.box))) continue;
        const covered = lines.filter(({ x, y }) => contains(place.box, x, y)).length;
        const cost = distance + 6 * covered;
        if (!best || cost < best.cost) best = { place, cost };
      }
    }
    if (best) placed.push({ ...anchor, ...best.place });
  }
  return placed;
}

/** Heights in a column that are `gap` apart at least and as near as can be to the wanted ones, in their order. */
export function spread(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!);
  // Neighbours that are too near share the shift: a block stands around the mean of what its members want.
  const blocks: { sum: number; members: number[] }[] = [];
  const first = ({ sum, members }: (typeof blocks)[number]) =>
    Math.min(
      Math.max(sum / members.length - ((members.length - 1) * gap) / 2, top),
      Math.max(top, bottom - (members.length - 1) * gap),
    );
  for (const i of order) {
    blocks.push({ sum: wanted[i]!, members: [i] });
    while (blocks.length > 1) {
      const [before, last] = blocks.slice(-2) as [(typeof blocks)[number], (typeof blocks)[number]];
      if (first(last) - (first(before) + (before.members.length - 1) * gap) >= gap) break;
      blocks.splice(-2, 2, { sum: before.sum + last.sum, members: [...before.members, ...last.members] });
    }
  }
  const result: number[] = [];
  for (const block of blocks) block.members.forEach((i, n) => (result[i] = first(block) + n * gap));
  return result;
}

function labelAt(anchor: Anchor, fontSize: number, distance: number, angle: number): Place {
  const [dx, dy] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const half = { width: textWidth(anchor.text, fontSize) / 2, height: fontSize * 0.62 };
  const at = {
    x: anchor.x + dx * (distance + half.width),
    y: anchor.y + dy * (distance + half.height),
  };
  const box = {
    left: at.x - half.width,
    right: at.x + half.width,
    top: at.y - half.height,
    bottom: at.y + half.height,
  };
  return { at, box };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function contains({ left, right, top, bottom }: Box, x: number, y: number): boolean {
  return x >= left && x <= right && y >= top && y <= bottom;
}

function isInside(box: Box, bounds: Box): boolean {
  return (
    box.left >= bounds.left &&
    box.right <= bounds.right &&
    box.top >= bounds.top &&
    box.bottom <= bounds.bottom
  );
}
