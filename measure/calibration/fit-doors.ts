import { assumedImage } from "../../estimate/latency/start-ups";
import type { StartUpInput } from "../../estimate/latency/start-up";
import type { Door, Measurement, Series } from "../measurement";
import { quantile } from "../statistics";
import { answered } from "../summary";
import type { Fit } from "./fit";
import { coldMs, warmMs } from "./fit";
import { timesOf, warmTimes } from "./observe";
import { cvOf, sigmaOf } from "./spread";

/** What URLs show that containers don't: the front door with the way to it, and Lambda's own part of a start. */
interface DoorFit {
  readonly doorMs: Partial<Record<Door, number>>;
  readonly image: StartUpInput["phases"]["image"];
  readonly notes: readonly string[];
}

/** Fewer starts say little of their spread. */
const startsForSpread = 10;

/**
 * @param fit of the image in containers; undefined when there is none, so that all that a URL shows is in what was fitted
 */
export function fitDoors(measurements: readonly Measurement[], fit: Fit | undefined): DoorFit {
  const assumed = "Lambda's own part of a start was not measured: 600 ms with a spread of 0.5 are assumed";
  if (measurements.length === 0) {
    return {
      doorMs: {},
      image: assumedImage,
      notes: [`front doors were not measured: those of docs/model.md stand`, assumed],
    };
  }
  const doorMs: Partial<Record<Door, number>> = {};
  const platform: { ms: number; cv: number | undefined }[] = [];
  const notes: string[] = [];
  for (const { target, series } of measurements) {
    if (target.kind !== "url") continue;
    for (const one of series) {
      const seen = ofSeries(one, fit);
      if (typeof seen === "string") {
        notes.push(`${target.url}: ${seen}`);
        continue;
      }
      if (target.door) doorMs[target.door] = round(seen.doorMs);
      else
        notes.push(
          `${target.url}: its front door is not known, so its time is not used; measure with --door`,
        );
      if (seen.platform) platform.push(seen.platform);
    }
  }
  if (!fit) {
    const image = { ms: 0, cv: 0, cores: 0 };
    notes.push(
      "the image was measured behind a front door alone: the way to it, the front door and Lambda's own part are in the times of server and start",
    );
    return { doorMs, image, notes };
  }
  if (platform.length === 0) return { doorMs, image: assumedImage, notes: [...notes, assumed] };
  const cvs = platform.flatMap(({ cv }) => cv ?? []);
  if (cvs.length === 0)
    notes.push(`fewer than ${startsForSpread} cold starts behind a URL: their spread of 0.5 is assumed`);
  return {
    doorMs,
    image: {
      ms: round(
        quantile(
          platform.map(({ ms }) => ms),
          0.5,
        ),
      ),
      cv: cvs.length === 0 ? assumedImage.cv : round(quantile(cvs, 0.5)),
      cores: 0,
    },
    notes,
  };
}

function ofSeries({ size, rounds }: Series, fit: Fit | undefined) {
  if (!size) return "the size behind it is not known; measure with --size";
  const warm = timesOf(warmTimes(rounds));
  if (!fit) return { doorMs: 0, platform: undefined };
  if (!warm || !fit.service) return "no warm requests to hold against those of a container";
  const doorMs = Math.max(0, warm.p50Ms - warmMs(fit, size.cpus));
  const cold = timesOf(rounds.flatMap((round) => round.cold.filter(answered).map(({ ms }) => ms)));
  if (!cold || size.runtime !== "lambda") return { doorMs, platform: undefined };
  const container = coldMs(fit, size.cpus);
  const ms = Math.max(0, cold.p50Ms - warm.p50Ms - container);
  // What the container's own spread leaves of the whole one.
  const own = cvOf(fit.coldSigma) * container;
  const whole = cvOf(sigmaOf([cold])) * cold.p50Ms;
  const cv = ms > 0 ? Math.sqrt(Math.max(0, whole ** 2 - own ** 2)) / ms : 0;
  return {
    doorMs,
    platform: { ms, cv: cold.count >= startsForSpread ? cv : undefined },
  };
}

const round = (value: number) => Number(value.toFixed(3));
