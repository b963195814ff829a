import { logPatterns } from "../../observability/log-formats";
import { queries, queryText, startsByHour } from "../../observability/queries";
import { platformLines, serverLines } from "../support/log-lines";
import { matches } from "../support/log-pattern";

const formats = ["text", "json"] as const;
const values = { eventsPath: "/events" };
const all = queries.flatMap((query) =>
  formats.map((format) => [query.id, format, queryText(query, format, values)] as const),
);
const kinds = Object.keys(platformLines.text) as (keyof typeof platformLines.text)[];
const regexes = (text: string) =>
  [...text.matchAll(/(?<![\w"])\/((?:\\.|[^/\\])+)\/(?=[\s)]|$)/g)].map(([, source]) => new RegExp(source!));

describe("a pattern", () => {
  it.each(formats)("of init timeouts finds them in %s, and nothing else", (format) => {
    const pattern = logPatterns.initTimeout[format];
    expect(kinds.filter((kind) => matches(pattern, platformLines[format][kind]))).toEqual(["initTimeout"]);
    // The other format's lines are no lines of this function
    for (const line of Object.values(serverLines)) expect(matches(pattern, line)).toBe(false);
  });

  it("of errors finds the server's, in either format of the platform", () => {
    const found = Object.entries(serverLines).filter(([, line]) => matches(logPatterns.error, line));
    expect(found.map(([kind]) => kind)).toEqual(["error"]);
    for (const format of formats) {
      for (const kind of kinds) expect(matches(logPatterns.error, platformLines[format][kind])).toBe(false);
    }
  });

  it("that the tests can't read is no pattern", () => {
    expect(() => matches("INIT_REPORT", "INIT_REPORT")).toThrow("can't read the pattern");
    expect(() => matches("{ $.a > 1 }", "{}")).toThrow("can't read");
  });
});

describe("a query", () => {
  it("has an id of its own", () => {
    expect(new Set(queries.map(({ id }) => id)).size).toBe(queries.length);
  });

  it.each(all)("%s (%s) uses what Logs Insights knows, and fits", (_id, _format, text) => {
    expect(text.length).toBeLessThan(10_000);
    expect(text).not.toMatch(/[{}]/);
    const commands = text.split("\n| ").map((command) => command.split(" ")[0]!);
    // docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
    const known = ["fields", "filter", "limit", "parse", "sort", "stats"];
    expect(commands.filter((command) => !known.includes(command))).toEqual([]);
    const plain = text.replaceAll(/\/(?:\\.|[^/\n\\])+\/|"[^"]*"/g, "");
    const calls = [...plain.matchAll(/([a-z_]+)\(/g)].map(([, name]) => name!);
    // Sources: CWL_QuerySyntax-Stats.html and CWL_QuerySyntax-operations-functions.html
    const functions = [
      "bin",
      "coalesce",
      "count",
      "count_distinct",
      "ispresent",
      "max",
      "min",
      "pct",
      "strcontains",
      "sum",
    ];
    expect(calls.filter((name) => !functions.includes(name))).toEqual([]);
    expect(plain.split("(").length).toBe(plain.split(")").length);
  });

  it("of the platform's lines picks the invocations and the init phases that were cut off", () => {
    const text = queryText(
      queries.find(({ id }) => id === "cold-starts-by-version")!,
      "text",
      values,
    );
    const [lines, , start] = [...regexes(text)];
    expect(kinds.filter((kind) => lines!.test(platformLines.text[kind]))).toEqual([
      "warm",
      "cold",
      "restored",
      "functionTimeout",
      "initTimeout",
      "rerunTimeout",
      "provisioned",
    ]);
    expect(start!.source).toContain("version");
  });

  it.each(formats)(
    "counts each start that was cut off once, not its second run within the request (%s)",
    (format) => {
      const text = queryText(
        queries.find(({ id }) => id === "cold-starts-by-hour")!,
        format,
        values,
      );
      // The product of what a line contains: 1 where all of it is there, otherwise 0
      const [product] = /strcontains[^,]+, "[^"]+"\)(?: \* strcontains\([^)]+\))+ as timeout/.exec(text)!;
      const parts = [...product.matchAll(/strcontains\(([^,]+), "([^"]+)"\)/g)].map(([, of, part]) => [
        of!,
        part!,
      ]);
      const fieldOf = (line: string, path: string) =>
        path === "@message"
          ? line
          : path
              .split(".")
              .reduce<unknown>(
                (at, key) => (at as Record<string, unknown> | undefined)?.[key],
                JSON.parse(line),
              );
      const counted = kinds.filter((kind) =>
        parts.every(([of, part]) => String(fieldOf(platformLines[format][kind], of!)).includes(part!)),
      );
      expect(counted).toEqual(["initTimeout"]);
    },
  );

  it("takes the start that a request waited for from its report", () => {
    const text = queryText(
      queries.find(({ id }) => id === "cold-starts-by-version")!,
      "text",
      values,
    );
    const parse = regexes(text).find(({ source }) => source.includes("startMs"))!;
    const found = kinds.flatMap((kind) => {
      const ms = parse.exec(platformLines.text[kind])?.groups?.startMs;
      return ms === undefined ? [] : [[kind, ms]];
    });
    // The restore, not the part of it that is billed
    expect(found).toEqual([
      ["cold", "2708.36"],
      ["restored", "593.92"],
    ]);
  });

  it("takes the version from the name of the log stream", () => {
    const text = queryText(
      queries.find(({ id }) => id === "memory-headroom")!,
      "json",
      values,
    );
    const [version] = regexes(text);
    expect(version!.exec("2026/11/20/[7]4f0e3a9b")?.groups?.version).toBe("7");
    expect(version!.exec("2026/11/20/[$LATEST]4f0e3a9b")?.groups?.version).toBe("$LATEST");
  });

  it("of restores reads their times", () => {
    const text = queryText(
      queries.find(({ id }) => id === "restore-times")!,
      "text",
      values,
    );
    const [, , restore] = regexes(text);
    expect(restore!.exec(platformLines.text.restored)?.groups?.restoreMs).toBe("593.92");
    expect(restore!.test(platformLines.text.restore)).toBe(false);
  });

  it("of the dashboard counts what a request waited for", () => {
    const found = kinds.filter((kind) =>
      regexes(startsByHour)
        .slice(0, 2)
        .some((regex) => regex.test(platformLines.text[kind])),
    );
    expect(found).toEqual(["cold", "restored", "initTimeout"]);
    // Tasks are told apart from functions by the name of their log group
    const group = regexes(startsByHour)[2]!;
    expect(group.test("123456789012:/ecs/lof-fargate-sse-api")).toBe(true);
    expect(group.test("123456789012:/aws/lambda/lof-lambda-prod-api")).toBe(false);
  });

  it("fills in where the ping goes", () => {
    const keepWarm = queries.find(({ id }) => id === "keep-warm")!;
    expect(queryText(keepWarm, "text", { eventsPath: "/wake" })).toContain('strcontains(path, "/wake")');
  });
});
