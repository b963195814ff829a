import { isDeepStrictEqual } from "node:util";
import { describeService } from "../../profiles/describe";
import { bodyLimitMb, canStream, doorName, doorTimeoutSeconds, servicesOf } from "../../profiles/limits";
import type { Profile, Service } from "../../profiles/schema";

/** What it takes to go from one profile to another, one sentence each; none if they are the same. */
export function movesBetween(from: Profile, to: Profile): string[] {
  return [
    ...architectureMove(from, to),
    ...serviceMoves(from, to),
    ...doorMoves(from, to),
    ...stateMoves(from, to),
    ...(from.name === to.name
      ? []
      : [
          `${to.name} is a stack of its own: deploy it beside ${from.name}, move the clients, then remove ${from.name}; until then both cost (docs/operations.md, "Move between two profiles")`,
        ]),
  ];
}

function architectureMove({ container: from }: Profile, { container: to }: Profile): string[] {
  if (from.architecture === to.architecture) return [];
  return [
    `the image must be built for ${to.architecture} (\`image build --architecture ${to.architecture}\`): what it is made of must exist for it, and its times are taken to be the same until you measure them`,
  ];
}

function serviceMoves(from: Profile, to: Profile): string[] {
  const names = [...new Set([...Object.keys(from.services), ...Object.keys(to.services)])];
  return names.flatMap((name) => {
    const [old, now] = [from.services[name], to.services[name]];
    if (old === undefined || now === undefined) {
      return old
        ? [`service ${name} goes (${describeService(old)})`]
        : [`service ${name} comes (${describeService(now!)})`];
    }
    if (isDeepStrictEqual(old, now)) return [];
    const change = `${name}: ${describeService(old)} becomes ${describeService(now)}`;
    if (old.runtime === now.runtime) return describeService(old) === describeService(now) ? [] : [change];
    return [`${change}; ${runtimeMove(now)}`];
  });
}

function runtimeMove(now: Service): string {
  return now.runtime === "fargate"
    ? "the same image runs on tasks in a VPC, several requests at once in one process, and is paid while idle"
    : "the same image runs in environments that take one request at a time, start when one comes, and are frozen between requests: nothing may go on in the background";
}

function doorMoves(from: Profile, to: Profile): string[] {
  const [old, now] = [doorName(from.ingress), doorName(to.ingress)];
  const moves: string[] = [];
  if (old !== now) {
    moves.push(
      `the front door is ${aName(now)} instead of ${aName(old)}: another URL, unless both share a domain of your own`,
    );
    if (now === "REST API") moves.push("once an account and region: `npx cdktf deploy api-gateway-account`");
  }
  const [mbBefore, mbNow] = [from, to].map(leastBodyMb) as [number, number];
  if (mbNow < mbBefore) moves.push(`bodies may have ${mbNow} MB at most, not ${show(mbBefore, "MB")}`);
  const [before, after] = [from, to].map(leastSeconds) as [number, number];
  if (after < before) moves.push(`an answer may take ${after} s at most, not ${before} s`);
  if (streams(from) && !streams(to)) moves.push("answers no longer arrive in pieces");
  return moves;
}

function stateMoves(from: Profile, to: Profile): string[] {
  return from.container.mcpSessions === "stateful" || to.container.mcpSessions === "stateful"
    ? ["MCP sessions live in a task: clients begin new ones"]
    : [];
}

const leastBodyMb = (profile: Profile) =>
  Math.min(...servicesOf(profile).map(([, service]) => bodyLimitMb(profile.ingress, service)));
const leastSeconds = (profile: Profile) =>
  Math.min(...servicesOf(profile).map(([, service]) => doorTimeoutSeconds(profile.ingress, service)));
const streams = (profile: Profile) =>
  servicesOf(profile).some(([, service]) => service.streaming && canStream(profile.ingress, service));
const show = (value: number, unit: string) => (Number.isFinite(value) ? `${value} ${unit}` : "any size");
const aName = (door: string) => `${door === "REST API" ? "a" : "an"} ${door}`;
