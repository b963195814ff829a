import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Comparison } from "../estimate/compare";
import { count } from "../estimate/format";
import { notesOf, priceDates, whose } from "../estimate/notes";
import { plural } from "../profiles/plural";
import { costChart } from "./cost-chart";
import { dayChart } from "./day-chart";
import { distributionChart } from "./distribution-chart";
import { loadPen, sizes } from "./draw";
import type { Figure, Scene } from "./figure";
import { Html, html } from "./html";
import { looksOf } from "./looks";
import { paretoChart } from "./pareto-chart";
import { legend, profileTable } from "./profile-table";
import { verdict } from "./verdict";

/**
 * A comparison as one HTML file that needs nothing else: no network, no fonts, no scripts but its own few lines.
 * The same comparison gives the same page.
 */
export async function comparisonPage(comparison: Comparison): Promise<string> {
  const scene: Scene = { pen: await loadPen(), comparison, looks: looksOf(comparison) };
  const { workload, profiles } = comparison;
  const { answer, beside } = verdict(comparison);
  const figures = [costChart, paretoChart, distributionChart, dayChart].map((chart) => chart(scene));
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Profiles under workload ${workload.name}</title>
        <style>
          ${part("page.css")}
        </style>
      </head>
      <body>
        <header>
          <p class="muted">${headline(comparison)}</p>
          <h1>${answer}</h1>
          <p class="lead">${beside}</p>
          ${legend(scene)}
        </header>
        <main>
          ${profileTable(scene)} ${figures.map(figureOf)}
          <section class="notes">
            <h2>What these figures rest on</h2>
            ${notesOf(profiles).map(
              ({ title, items }) =>
                html`<h3>${title}</h3>
                  <ul>
                    ${items.map(({ text, names }) => html`<li>${text}${nameList(whose(names, profiles.length))}</li>`)}
                  </ul>`,
            )}
          </section>
        </main>
        <footer><p>${foot(comparison)}</p></footer>
        <script>
          ${part("page-script.js")};
        </script>
      </body>
    </html>`;
  return `${page.text}\n`;
}

function part(name: string): Html {
  return new Html(readFileSync(join(__dirname, name), "utf8"));
}

function headline({ workload, profiles }: Comparison): string {
  const cost = profiles[0]?.cost;
  const where = cost ? ` in ${cost.region}` : "";
  return `${count(profiles.length)} ${plural(profiles.length, "profile")} under workload ${workload.name}, ${count(workload.requestsPerMonth)} requests a month${where}`;
}

function foot({ profiles }: Comparison): string {
  const [first] = profiles;
  if (!first) return "";
  const { latency, cost } = first;
  return [
    `USD a month of ${cost.hoursPerMonth} h, on demand, without tax, ${cost.freeTier ? "with" : "without"} free tier, ${priceDates(profiles.map((profile) => profile.cost))}.`,
    `Simulated: ${latency.runs} runs of ${count(latency.hours)} h, seed ${latency.seed}; ranges of times are 95 % confidence intervals over the runs.`,
  ].join(" ");
}

function nameList(names: string): Html | false {
  return names !== "" && html` <span class="muted">(${names})</span>`;
}

function figureOf({ id, title, summary, note, draw, table: [head, ...rows] }: Figure): Html {
  return html`<figure id="${id}">
    <figcaption>
      <h2>${title}</h2>
      <p>${summary}</p>
      <p class="note">${note}</p>
    </figcaption>
    <div class="wide">${new Html(draw(sizes.wide))}</div>
    <div class="narrow">${new Html(draw(sizes.narrow))}</div>
    <details>
      <summary>${title}: the figures</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="${title}: the figures">
        <table>
          <thead>
            <tr>
              ${head!.map((text, i) => html`<th scope="col" ${i > 0 && html` class="number"`}>${text}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ([name, ...cells]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  ${cells.map((text) => html`<td class="number">${text}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </figure>`;
}
