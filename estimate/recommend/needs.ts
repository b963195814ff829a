import { InputError } from "../../profiles/errors";
import { bodyLimitMb, canStream, doorName, servicesOf } from "../../profiles/limits";
import type { Ingress, Profile, Service } from "../../profiles/schema";
import { sharesOf } from "../../profiles/schema";
import { streamShare } from "../workload/load";
import type { Workload } from "../workload/workload";

/** What a workload can't do without, whatever it costs. */
export const needNames = ["streaming", "websocket", "large-body", "always-warm"] as const;
export type Need = (typeof needNames)[number];

/** Bodies above what an API Gateway and a function carry, in MB. Source: `bodyLimitMb`. */
const largeBodyMb = 10;

/** The most that a profile's server takes (`container.maxBodyMb`), in MB. */
const mostBodyMb = 100;

/** @throws InputError that lists the known needs */
export function parseNeeds(text: string): Need[] {
  const asked = text.split(",").map((part) => part.trim());
  const unknown = asked.filter((name) => !needNames.some((known) => known === name));
  if (unknown.length > 0) {
    throw new InputError(
      unknown.map((name) => `--needs = "${name}": must be one or more of ${needNames.join(", ")}`),
    );
  }
  return needNames.filter((name) => asked.includes(name));
}

/** What is asked for, and streaming where the workload has streams and nobody says that they may come whole. */
export function needsOf(workload: Workload, asked: readonly Need[], buffered: boolean): Need[] {
  if (buffered && asked.includes("streaming")) {
    throw new InputError([
      "--needs = streaming: can't stand beside --buffer-streams, which says the opposite",
    ]);
  }
  const streams = !buffered && streamShare(workload) > 0;
  return needNames.filter((name) => asked.includes(name) || (name === "streaming" && streams));
}

/** A profile as the needs want it set up, where its services and its front door can do it. */
export function preparedFor(needs: readonly Need[], profile: Profile): Profile {
  const services = Object.fromEntries(
    servicesOf(profile).map(([name, service]) => {
      const streaming =
        service.streaming || (needs.includes("streaming") && canStream(profile.ingress, service));
      return [name, { ...service, streaming }];
    }),
  );
  const fits = servicesOf(profile).every(([, service]) => carriesLargeBodies(profile.ingress, service));
  const maxBodyMb = needs.includes("large-body") && fits ? mostBodyMb : profile.container.maxBodyMb;
  return { ...profile, services, container: { ...profile.container, maxBodyMb } };
}

/**
 * Why a profile does not give what is needed, by need; none where it does. For streams only those services count that the
 * workload's streams reach; where it names no path, and for all other needs, every service.
 */
export function unmetNeeds(
  profile: Profile,
  needs: readonly Need[],
  workload: Workload,
): ReadonlyMap<Need, string> {
  const unmet = new Map<Need, string>();
  for (const need of needs) {
    const services = need === "streaming" ? streamServices(profile, workload) : servicesOf(profile);
    const reason = services.map(([, service]) => lacks[need](profile.ingress, service)).find(Boolean);
    if (reason) unmet.set(need, reason);
  }
  return unmet;
}

/** What a service behind a front door lacks; undefined if nothing. */
const lacks: Readonly<Record<Need, (ingress: Ingress, service: Service) => string | undefined>> = {
  streaming: (ingress, service) =>
    canStream(ingress, service) && service.streaming
      ? undefined
      : `${pair(ingress, service)}: an answer arrives only when it is complete`,
  // API Gateway has WebSockets only in an API of another kind; a load balancer answers 400 for a function's.
  websocket: (ingress, service) =>
    ingress.kind === "alb" && service.runtime === "fargate"
      ? undefined
      : `${pair(ingress, service)}: hands no WebSocket on`,
  "large-body": (ingress, service) =>
    carriesLargeBodies(ingress, service)
      ? undefined
      : `${pair(ingress, service)}: carries bodies of ${bodyLimitMb(ingress, service)} MB at most`,
  "always-warm": (ingress, service) => {
    if (service.runtime === "lambda") {
      return service.provisionedConcurrency === undefined
        ? `${pair(ingress, service)}: a request may meet a cold start without provisioned concurrency`
        : undefined;
    }
    const { tasks, schedule, spot } = service;
    if ([tasks, ...schedule].some(({ min }) => min === 0)) {
      return `${pair(ingress, service)}: has times without a task`;
    }
    return spot?.onDemandBase === 0
      ? `${pair(ingress, service)}: AWS may take every task on Spot away`
      : undefined;
  },
};

const carriesLargeBodies = (ingress: Ingress, service: Service) =>
  bodyLimitMb(ingress, service) > largeBodyMb;

const pair = (ingress: Ingress, service: Service) =>
  `${service.runtime === "lambda" ? "Lambda" : "Fargate"} behind ${doorName(ingress)}`;

/** Services that get none of the workload's requests. */
export function idleServices(profile: Profile, { paths }: Workload): string[] {
  const claimed = paths.reduce((sum, { share }) => sum + share, 0);
  const asked = paths.filter(({ share }) => share > 0).map(({ path }) => path.replaceAll("*", "any"));
  // What no path claims, and health checks from outside, meet the catch-all alone.
  const rest = claimed < 1 - 1e-9 ? ["/any"] : [];
  const busy = new Set([...asked, ...rest].flatMap((path) => servicesOfPath(profile, path)));
  return Object.keys(profile.services).filter((name) => !busy.has(name));
}

/** Services that answer the workload's streams by the profile's routes, as its front door would choose them. */
function streamServices(profile: Profile, { paths, streams }: Workload): [string, Service][] {
  const streamed = paths.filter((path) => (path.streams ?? streams.share) > 0).map(({ path }) => path);
  const rest = 1 - paths.reduce((sum, { share }) => sum + share, 0) > 1e-9 && streams.share > 0;
  if (streamed.length === 0 || rest) return servicesOf(profile);
  const names = new Set(streamed.flatMap((path) => servicesOfPath(profile, path.replaceAll("*", "any"))));
  return servicesOf(profile).filter(([name]) => names.has(name));
}

/** An exact route stands above a prefix, a longer prefix above a shorter one. */
function servicesOfPath({ routes }: Profile, path: string): string[] {
  const matches = routes
    .filter((route) =>
      route.path.endsWith("/*") ? path.startsWith(route.path.slice(0, -1)) : route.path === path,
    )
    .sort(
      (a, b) => Number(a.path.endsWith("*")) - Number(b.path.endsWith("*")) || b.path.length - a.path.length,
    );
  const shares = matches[0] ? sharesOf(matches[0]) : [];
  return shares.filter(({ weight }) => weight > 0).map(({ service }) => service);
}
