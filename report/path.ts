/**
 * A path of straight lines in fewer characters: to a tenth of a pixel, relative, and without points that lie between
 * two others on an upright or level line. Paths with curves are left as they are.
 */
export function shortPath(path: string): string {
  if (!/^[MLZ\d.,e-]+$/.test(path)) return path;
  return path
    .split("M")
    .slice(1)
    .map((part) => {
      const isClosed = part.endsWith("Z");
      const points = part
        .replace("Z", "")
        .split("L")
        .map((pair) => pair.split(",").map((value) => Math.round(Number(value) * 10)) as [number, number]);
      return shortPolyline(points) + (isClosed ? "Z" : "");
    })
    .join("");
}

function shortPolyline(points: readonly [x: number, y: number][]): string {
  let [x, y] = points[0]!;
  let text = `M${x / 10},${y / 10}`;
  let last: { command: string; by: number } | undefined;
  for (const [toX, toY] of points.slice(1)) {
    const [dx, dy] = [toX - x, toY - y];
    [x, y] = [toX, toY];
    if (dx === 0 && dy === 0) continue;
    if (dx !== 0 && dy !== 0) {
      text += `${write(last)}l${dx / 10},${dy / 10}`;
      last = undefined;
      continue;
    }
    const [command, by] = dy === 0 ? ["h", dx] : ["v", dy];
    // On in the same direction is one step.
    if (last?.command === command && Math.sign(last.by) === Math.sign(by)) last.by += by;
    else {
      text += write(last);
      last = { command, by };
    }
  }
  return text + write(last);
}

function write(step: { readonly command: string; readonly by: number } | undefined): string {
  return step ? `${step.command}${step.by / 10}` : "";
}
