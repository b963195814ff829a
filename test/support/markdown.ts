interface Node {
  readonly type: string;
  readonly value?: string;
  readonly url?: string;
  readonly children?: readonly Node[];
}

/** A reader of GitHub's Markdown. Its packages are ES modules alone. */
export async function markdownReader(): Promise<(text: string) => Node[]> {
  const [{ fromMarkdown }, { gfmFromMarkdown }, { gfm }] = await Promise.all([
    import("mdast-util-from-markdown"),
    import("mdast-util-gfm"),
    import("micromark-extension-gfm"),
  ]);
  return (text) =>
    nodesOf(fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node);
}

function nodesOf(root: Node): Node[] {
  const all: Node[] = [];
  const walk = (node: Node) => {
    all.push(node);
    node.children?.forEach(walk);
  };
  walk(root);
  return all;
}

const ours =
  /^(<!-- lambda-or-fargate:v1 [^<>]* -->|<details><summary>[^<>]*<\/summary>|<\/details>|<sub>|<\/sub>)$/;

/**
 * What is wrong with a comment as GitHub would show it: HTML that is not ours, details that stay open, rows with another
 * number of cells, mentions, and links that are not to a source.
 */
export function faultsOfMarkdown(nodes: readonly Node[]): string[] {
  const html = nodes.filter(({ type }) => type === "html").flatMap(({ value = "" }) => value.split("\n"));
  const count = (start: string) => html.filter((value) => value.startsWith(start)).length;
  const tables = nodes.filter(({ type }) => type === "table");
  const prose = nodes.filter(({ type }) => type === "text").map(({ value = "" }) => value);
  return [
    ...html
      .filter((value) => !ours.test(value))
      .map((value) => `HTML that is not ours: ${value.slice(0, 200)}`),
    ...(count("<details>") === count("</details>") ? [] : ["details stay open"]),
    ...(count("<sub>") === count("</sub>") ? [] : ["sub stays open"]),
    ...tables.flatMap(({ children = [] }) => {
      const widths = new Set(children.map((row) => row.children?.length));
      return widths.size === 1 ? [] : [`a table with rows of ${[...widths].join(", ")} cells`];
    }),
    ...prose.filter((value) => /(^|[^\w`])@\w/.test(value)).map((value) => `a mention: ${value}`),
    ...nodes
      .filter(({ type }) => type === "link" || type === "image" || type === "definition")
      .filter(({ url = "", children }) => !/^https:\/\//.test(url) || children?.[0]?.value !== "Source")
      .map(({ type, url }) => `a ${type} to ${url}`),
  ];
}
