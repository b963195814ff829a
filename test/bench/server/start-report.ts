import { table } from "../../../local/table";
import type { Front } from "../../../measure/container";
import type { StartSample } from "./measure-start";
import { quantile } from "../../../measure/statistics";
import { shareText } from "./shares";
import type { Share } from "./shares";

/** All starts of one variant with one CPU share and one front. */
export interface StartGroup {
  readonly variant: string;
  readonly share: Share;
  readonly front: Front;
  readonly imageBytes: number;
  readonly samples: readonly StartSample[];
}

export interface StartRow {
  readonly share: string;
  readonly variant: string;
  readonly front: Front;
  readonly starts: number;
  /** Medians. */
  readonly phasesMs: Readonly<Record<string, number>>;
  readonly readyMs: { readonly p50: number; readonly p90: number } | undefined;
  readonly answerMs: { readonly p50: number; readonly p90: number };
  /** How many times longer `torch` takes to the first answer with the same share and front, by medians. */
  readonly timesFaster: number | undefined;
  readonly chargedPeakMb: number;
  readonly residentPeakMb: number;
  readonly imageMb: number;
  readonly adapterCpuMs: number | undefined;
}

export function startRows(groups: readonly StartGroup[]): StartRow[] {
  const median = (values: readonly number[]) => quantile(values, 0.5);
  const answerMs = ({ samples }: StartGroup) => median(samples.map((sample) => sample.answerMs));
  const baseline = ({ share, front }: StartGroup) =>
    groups.find(
      (other) => other.variant === "torch" && other.share.asked === share.asked && other.front === front,
    );
  return groups.map((group) => {
    const { samples } = group;
    const torch = baseline(group);
    const all = (pick: (sample: StartSample) => number | undefined) =>
      samples.map(pick).filter((value) => value !== undefined);
    const spread = (values: readonly number[]) =>
      values.length === 0
        ? undefined
        : { p50: Math.round(median(values)), p90: Math.round(quantile(values, 0.9)) };
    const adapterCpu = all(({ adapterCpuMs }) => adapterCpuMs);
    return {
      share: shareText(group.share),
      variant: group.variant,
      front: group.front,
      starts: samples.length,
      phasesMs: Object.fromEntries(
        phaseNames([group]).map((name) => [name, Math.round(median(all(({ phasesMs }) => phasesMs[name])))]),
      ),
      readyMs: spread(all(({ readyMs }) => readyMs)),
      answerMs: spread(all((sample) => sample.answerMs))!,
      timesFaster: torch && round1(answerMs(torch) / answerMs(group)),
      chargedPeakMb: megabytes(Math.max(...samples.map((sample) => sample.chargedPeakBytes))),
      residentPeakMb: megabytes(Math.max(...samples.map((sample) => sample.residentPeakBytes))),
      imageMb: megabytes(group.imageBytes),
      adapterCpuMs: adapterCpu.length === 0 ? undefined : round1(median(adapterCpu)),
    };
  });
}

/** One table of all rows; times in milliseconds, sizes in MB (10^6 bytes). */
export function startTable(groups: readonly StartGroup[]): string {
  const phases = phaseNames(groups);
  const head = [
    "vCPU",
    "variant",
    "front",
    ...phases,
    "ready p50",
    "p90",
    "answer p50",
    "p90",
    "than torch",
    "charged MB",
    "resident MB",
    "image MB",
  ];
  const rows = startRows(groups).map((row) => [
    row.share,
    row.variant,
    row.front,
    ...phases.map((name) => text(row.phasesMs[name])),
    text(row.readyMs?.p50),
    text(row.readyMs?.p90),
    text(row.answerMs.p50),
    text(row.answerMs.p90),
    row.timesFaster === undefined ? "-" : `${row.timesFaster.toFixed(1)} x`,
    text(row.chargedPeakMb),
    text(row.residentPeakMb),
    text(row.imageMb),
  ]);
  return table([head, ...rows], (column) => column > 2);
}

/**
 * What the web adapter and the emulator add to the first answer: the difference of the medians of the same variant and
 * share in the same run, one line a pair.
 */
export function adapterLines(groups: readonly StartGroup[]): string[] {
  const rows = startRows(groups);
  return rows.flatMap((plain) => {
    const other = rows.find(
      (row) => row.front === "adapter" && row.share === plain.share && row.variant === plain.variant,
    );
    if (plain.front !== "plain" || other === undefined) return [];
    const added = other.answerMs.p50 - plain.answerMs.p50;
    const share = ((100 * added) / other.answerMs.p50).toFixed(1);
    return [
      `${plain.share} vCPU, ${plain.variant}: adapter and emulator add ${added} ms (${share} %); the adapter itself ` +
        `uses ${other.adapterCpuMs} ms of processor time`,
    ];
  });
}

/** In the order in which the servers tell them. */
function phaseNames(groups: readonly StartGroup[]): string[] {
  return [
    ...new Set(groups.flatMap(({ samples }) => samples.flatMap(({ phasesMs }) => Object.keys(phasesMs)))),
  ];
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
const round1 = (value: number): number => Math.round(value * 10) / 10;
const text = (value: number | undefined): string => (value === undefined ? "-" : String(value));
