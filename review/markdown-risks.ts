import { count } from "../estimate/format";
import { plural } from "../profiles/plural";
import { code, plain } from "./escape";
import type { Detail } from "./markdown";
import type { ProfileReview } from "./review";
import type { Risk } from "./rules/rule";
import { severities } from "./rules/rule";

/** Every risk that was found, however little room there is. */
export function riskSections(profiles: readonly ProfileReview[], detail: Detail): string[] {
  const atRisk = profiles.filter(({ risks }) => risks.length > 0);
  if (atRisk.length === 0) return [];
  if (detail.risks === "once") return ["### Risks", onceForAll(atRisk)];
  return [
    "### Risks",
    ...atRisk.flatMap(({ profile, risks }) => [
      ...(profiles.length > 1 ? [`**${code(profile)}**`] : []),
      risks.map((risk) => riskItem(risk, detail)).join("\n"),
    ]),
  ];
}

function riskItem(risk: Risk, detail: Detail): string {
  const head = `- ${heading(risk)}`;
  if (detail.risks === "titles") return `${head}: ${places(risk.findings.length)}`;
  const { why, wayOut, source, findings } = risk;
  const shown = findings.slice(0, detail.findings);
  const hidden = findings.length - shown.length;
  const lines = shown.flatMap(({ address, detail: what }) => {
    const text = [
      ...(address === undefined ? [] : [code(address)]),
      ...(what === undefined ? [] : [plain(what)]),
    ];
    return text.length > 0 ? [`  - ${text.join(": ")}`] : [];
  });
  if (hidden > 0) lines.push(`  - … and ${count(hidden)} more`);
  return [`${head}. ${plain(why)}. ${plain(wayOut)}. [Source](${source})`, ...lines].join("\n");
}

/** Each kind of risk once, with the profiles that have it. */
function onceForAll(profiles: readonly ProfileReview[]): string {
  const kinds = new Map<string, { risk: Risk; profiles: string[]; findings: number }>();
  for (const { profile, risks } of profiles) {
    for (const risk of risks) {
      if (!kinds.has(risk.id)) kinds.set(risk.id, { risk, profiles: [], findings: 0 });
      const kind = kinds.get(risk.id)!;
      kind.profiles.push(profile);
      kind.findings += risk.findings.length;
    }
  }
  return [...kinds.values()]
    .sort((a, b) => severities.indexOf(a.risk.severity) - severities.indexOf(b.risk.severity))
    .map(({ risk, profiles: of, findings }) => {
      const names = of.slice(0, 3).map(code).join(", ");
      const rest = of.length > 3 ? ` and ${count(of.length - 3)} more` : "";
      return `- ${heading(risk)}: ${places(findings)} in ${names}${rest}`;
    })
    .join("\n");
}

const heading = ({ severity, title, id }: Risk) =>
  `**${severity[0]!.toUpperCase()}${severity.slice(1)}: ${plain(title)}** (${code(id)})`;

const places = (number: number) => `${count(number)} ${plural(number, "place")}`;
