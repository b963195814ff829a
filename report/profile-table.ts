import type { ComparedProfile } from "../estimate/compare";
import { cheapestThatMeets } from "../estimate/compare";
import { duration, percent, usd } from "../estimate/format";
import type { Interval } from "../estimate/latency/latency-estimate";
import type { Scene } from "./figure";
import type { Html } from "./html";
import { html } from "./html";
import type { Look } from "./looks";
import { kindNames, kindOf } from "./looks";

/** Every profile with its figures; sorted by a click on a head. */
export function profileTable({ comparison, looks }: Scene): Html {
  const heads: readonly (readonly [label: string, isNumber: boolean])[] = [
    ["Profile", false],
    ["USD a month", true],
    ["Low", true],
    ["High", true],
    ["p50", true],
    ["p95", true],
    ["p99", true],
    ["Cold starts", true],
    ["Failures", true],
    ["Goal", false],
  ];
  const winner = cheapestThatMeets(comparison);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of profiles">
    <table class="profiles">
      <thead>
        <tr>
          ${heads.map(
            ([label, isNumber], i) =>
              html`<th
                scope="col"
                ${isNumber && html` class="number"`}${i === 1 && html` aria-sort="ascending"`}
              >
                <button type="button" class="sort">${label}</button>
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${comparison.profiles.map((profile) => row(profile, looks.get(profile.name)!, profile === winner))}
      </tbody>
    </table>
  </div>`;
}

function row(profile: ComparedProfile, look: Look, isWinner: boolean): Html {
  const { name, cost, latency, reasons } = profile;
  const meets = reasons.length === 0;
  return html`<tr class="p ${look.id}${isWinner ? " winner" : ""}">
    <th scope="row" data-value="${name}">
      <button type="button" class="name" data-p="${look.id}" aria-pressed="false">
        ${swatch(look)}${name}
      </button>
    </th>
    ${cell(cost.typical, usd(cost.typical))} ${cell(cost.low, usd(cost.low), "muted")}
    ${cell(cost.high, usd(cost.high), "muted")} ${time(latency.p50Ms)} ${time(latency.p95Ms)}
    ${time(latency.p99Ms)} ${cell(latency.coldStartShare.value, percent(latency.coldStartShare.value))}
    ${cell(latency.failedShare.value, percent(latency.failedShare.value))}
    <td data-value="${reasons.length}">
      ${meets ? html`<span class="yes">✓ meets it</span>` : reasons.join("; ")}
    </td>
  </tr>`;
}

function time(interval: Interval | undefined): Html {
  if (!interval) return html`<td class="number">–</td>`;
  return cell(interval.value, duration(interval.value));
}

function cell(value: number, text: string, look = ""): Html {
  return html`<td class="number ${look}" data-value="${value}">${text}</td>`;
}

const symbols: Readonly<Record<Look["symbol"], string>> = {
  circle: "M17,1.5a4.5,4.5 0 1 1 -0.01,0z",
  square: "M13,2h8v8h-8z",
  diamond: "M17,0l5.5,6l-5.5,6l-5.5,-6z",
};

/** The line and symbol of a profile in the charts. */
function swatch({ color, dashes, symbol }: Look): Html {
  return html`<svg class="swatch" viewBox="0 0 34 12" width="34" height="12" aria-hidden="true">
    <path d="M0,6h34" stroke="${color}" stroke-width="2" ${dashes && html` stroke-dasharray="${dashes}"`} />
    <path d="${symbols[symbol]}" fill="${color}" />
  </svg>`;
}

/** What the colours and symbols stand for, of those that are in use. */
export function legend({ comparison, looks }: Scene): Html {
  const kinds = new Map(comparison.profiles.map((profile) => [kindOf(profile), looks.get(profile.name)!]));
  return html`<ul class="legend">
    ${[...kinds].map(
      ([kind, { color, symbol }]) =>
        html`<li>
          <svg viewBox="10 0 14 12" aria-hidden="true"><path d="${symbols[symbol]}" fill="${color}" /></svg
          >${kindNames[kind]}
        </li>`,
    )}
    <li>
      <svg viewBox="10 0 14 12" aria-hidden="true"><path d="M12,2h10v8h-10z" fill="var(--cold)" /></svg>Cold
      starts
    </li>
  </ul>`;
}
