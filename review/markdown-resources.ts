import { count } from "../estimate/format";
import type { ChangedAttribute, ChangedResource } from "./changes";
import { actionKinds } from "./changes";
import { code, plain } from "./escape";
import type { Detail, Omitted } from "./markdown";
import type { ProfileReview } from "./review";
import { verbOf } from "./verdict";

/** What happens to each resource, one collapsed list an action. */
export function resourceSections(
  { profile, changes, changesAreDerived }: ProfileReview,
  detail: Detail,
  omitted: Omitted,
  isOneOfMany: boolean,
): string[] {
  const sections = actionKinds.flatMap((action) => {
    const all = changes.filter((change) => change.action === action);
    if (all.length === 0) return [];
    const shown = all.slice(0, detail.resources);
    const hidden = all.length - shown.length;
    omitted.resources += hidden;
    const lines = shown.map(resourceItem);
    if (hidden > 0)
      lines.push(`- ${shown.length > 0 ? "… and " : ""}${count(hidden)} more, left out for room`);
    return [
      [
        `<details><summary>${count(all.length)} ${verbOf(action)}</summary>`,
        lines.join("\n"),
        "</details>",
      ].join("\n\n"),
    ];
  });
  return sections.length === 0
    ? []
    : [
        `### Resources${isOneOfMany ? ` of ${code(profile)}` : ""}`,
        ...(changesAreDerived
          ? [
              "The plan was made without the state. These are the differences between what is written before and after: drift is not seen, and what is to update may turn out to be replaced.",
            ]
          : []),
        ...sections,
      ];
}

function resourceItem(change: ChangedResource): string {
  const notes = [
    ...(change.previousAddress === undefined ? [] : [`moved from ${code(change.previousAddress)}`]),
    ...(change.imported && change.action !== "import" ? ["imported"] : []),
    ...(change.deposed ? ["what an earlier replacement left over"] : []),
    ...(change.order === undefined ? [] : [change.order]),
    ...(change.reason === undefined ? [] : [plain(change.reason)]),
    ...(change.replacedFor.length === 0 ? [] : [`because of ${change.replacedFor.map(code).join(", ")}`]),
    ...change.attributes
      .filter(({ name, to }) => to !== undefined || !change.replacedFor.includes(name))
      .map(attributeText),
    ...(change.knownAfterApply === 0 ? [] : [`${change.knownAfterApply} known after apply`]),
  ];
  return `- ${code(change.address)}${notes.length > 0 ? `: ${notes.join("; ")}` : ""}`;
}

function attributeText({ name, from, to, sensitive }: ChangedAttribute): string {
  if (sensitive) return `${code(name)} (sensitive)`;
  if (to === undefined) return code(name);
  return from === undefined ? `${code(name)} ${plain(to)}` : `${code(name)} ${plain(from)} → ${plain(to)}`;
}
