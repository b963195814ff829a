import type { ComparedProfile } from "../estimate/compare";
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
    ["p50", true],
    ["p95", true],
    ["p99", true],
    ["Cold starts", true],
    ["Failures", true],
    ["Goal", false],
  ];
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
        ${comparison.profiles.map((profile) => row(profile, looks.get(profile.name)!))}
      </tbody>
    </table>
  </div>`;
}

function row(profile: ComparedProfile, look: Look): Html {
  const { name, cost, latency, reasons } = profile;
  const meets = reasons.length === 0;
  return html`<tr class="p ${look.id}${meets ? " meets" : ""}">
    <th scope="row" data-value="${name}">
      <button type="button" class="name" data-p="${look.id}" aria-pressed="false">
        ${swatch(look)}${name}
      </button>
    </th>
    ${cell(cost.typical, usd(cost.typical), range([cost.low, cost.high], usd))} ${time(latency.p50Ms)}
    ${time(latency.p95Ms)} ${time(latency.p99Ms)}
    ${cell(latency.coldStartShare.value, percent(latency.coldStartShare.value))}
    ${cell(latency.failedShare.value, percent(latency.failedShare.value), latency.failures[0]?.reason)}
    <td data-value="${reasons.length}">
      ${meets ? html`<span class="yes">✓ meets it</span>` : reasons.join("; ")}
    </td>
  </tr>`;
}

function time(interval: Interval | undefined): Html {
  if (!interval) return html`<td class="number" data-value="Infinity">–</td>`;
  return cell(interval.value, duration(interval.value), range([interval.low, interval.high], duration));
}

function cell(value: number, text: string, small?: string): Html {
  return html`<td class="number" data-value="${value}">${text}${small && html`<small>${small}</small>`}</td>`;
}

function range(ends: readonly number[], format: (value: number) => string): string | undefined {
  const [low, high] = [...ends].sort((a, b) => a - b).map(format);
  return low === high ? undefined : `${low} – ${high}`;
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
