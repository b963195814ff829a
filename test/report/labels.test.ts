import { fitted, placeLabels, spread, textWidth } from "../../report/labels";

const bounds = { left: 0, right: 400, top: 0, bottom: 300 };

describe("placeLabels", () => {
  it("puts no label over another one, over what it has to keep off, or out of bounds", () => {
    // All at one place: the hardest case.
    const anchors = Array.from({ length: 12 }, (_, i) => ({ x: 200, y: 150, text: `profile-${i}` }));
    const keepOff = [{ left: 193, right: 207, top: 143, bottom: 157 }];
    const boxes = [...placeLabels(anchors, 12, bounds, keepOff).map(({ box }) => box), ...keepOff];

    expect(boxes).toHaveLength(13);
    boxes.forEach((a, i) => {
      expect(a.left).toBeGreaterThanOrEqual(0);
      expect(a.right).toBeLessThanOrEqual(400);
      expect(a.top).toBeGreaterThanOrEqual(0);
      expect(a.bottom).toBeLessThanOrEqual(300);
      for (const b of boxes.slice(i + 1)) {
        const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        expect(apart).toBe(true);
      }
    });
  });

  it("goes out of the way of a line, when there is room beside it", () => {
    // The line runs to the right, where a label would stand by itself.
    const line = Array.from({ length: 20 }, (_, i) => ({ x: 100 + i * 6, y: 150 }));
    const [alone] = placeLabels([{ x: 100, y: 150, text: "name" }], 12, bounds, []);
    const [beside] = placeLabels([{ x: 100, y: 150, text: "name" }], 12, bounds, [], line);

    expect(alone!.at.x).toBeGreaterThan(100);
    expect(
      line.some(
        ({ x, y }) =>
          x > beside!.box.left && x < beside!.box.right && y > beside!.box.top && y < beside!.box.bottom,
      ),
    ).toBe(false);
  });

  it("leaves out what has no place at all", () => {
    const small = { left: 0, right: 30, top: 0, bottom: 30 };
    expect(placeLabels([{ x: 15, y: 15, text: "much too long a name" }], 12, small, [])).toEqual([]);
  });
});

describe("spread", () => {
  it.each<[string, number[], number[]]>([
    ["leaves what is far apart where it is", [10, 50, 90], [10, 50, 90]],
    ["moves two that want one place as far up as down", [50, 50], [45, 55]],
    ["keeps the order", [60, 50, 52], [64, 44, 54]],
    ["stays inside at the ends", [0, 0, 100], [0, 10, 100]],
  ])("%s", (_, wanted, expected) => {
    expect(spread(wanted, 10, 0, 100)).toEqual(expected);
  });
});

it("cuts a text that doesn't fit, and says so", () => {
  expect(fitted("short", 10, 100)).toBe("short");
  const cut = fitted("a name that is much too long", 10, 60);
  expect(cut).toMatch(/^a name.*…$/);
  expect(textWidth(cut, 10)).toBeLessThanOrEqual(60);
});
