/**
 * Requests in flight beyond so many places, on average, when arrivals are random (Poisson) and nothing queues:
 * E[max(0, N - places)] for a number N in flight with this mean (Little's law: rate x time).
 *
 * @param mean requests in flight
 */
function overflow(mean: number, places: number): number {
  if (mean <= 0) return 0;
  const whole = Math.floor(places);
  // Far above or below, the average alone decides; it also keeps exp() away from its limits.
  if (mean > 600) return Math.max(0, mean - places);
  let probability = Math.exp(-mean);
  let free = 0;
  for (let inFlight = 0; inFlight < whole; inFlight++) {
    free += (whole - inFlight) * probability;
    probability *= mean / (inFlight + 1);
    if (inFlight > mean && probability < 1e-12) break;
  }
  // E[max(0, N - w)] = mean - w + E[max(0, w - N)]
  return Math.max(0, mean - whole + free);
}

/**
 * Share of random arrivals that find every place taken and go elsewhere: Erlang's loss formula. It holds for any
 * distribution of times.
 *
 * @param mean requests that would be in flight, were there places for all: rate x time
 * @param places a whole number
 */
export function lossShare(mean: number, places: number): number {
  if (mean <= 0) return places > 0 ? 0 : 1;
  // So many are hardly random any more: the average alone decides, to within a thousandth.
  if (mean > 1e6) return Math.max(0, 1 - places / mean);
  // 1 / share is 1 + n/a + n(n-1)/a^2 + ..., whose end is nothing beside its beginning: a billion places take no longer than ten.
  let term = 1;
  let inverse = 1;
  for (let place = places; place > 0 && term > inverse * 1e-16 && inverse < 1e300; place--) {
    term *= place / mean;
    inverse += term;
  }
  return 1 / inverse;
}

/**
 * Cold starts an hour, by assumption: a request that comes after an idle pause meets no environment, more environments
 * are needed at the hour's peak, and those in use are replaced from time to time. A simulation knows better.
 * Never falls when traffic rises: past the rate at which pauses are most frequent it stays at that rate.
 *
 * @param perHour requests an hour
 * @param inFlight requests in flight, on average over the hour's peak
 * @param kept environments that pings keep warm
 */
export function coldStartsPerHour(
  perHour: number,
  inFlight: number,
  kept: number,
  idleMinutes: number,
  recycleHours: number,
): number {
  if (perHour === 0 || idleMinutes === Infinity) return 0;
  const idleHours = idleMinutes / 60;
  const pauses =
    perHour * idleHours <= 1 ? perHour * Math.exp(-perHour * idleHours) : Math.exp(-1) / idleHours;
  const replaced = Math.max(1, inFlight) / recycleHours;
  const afterPause = kept > 0 ? 0 : pauses;
  return Math.min(perHour, afterPause + replaced + overflow(inFlight, Math.max(1, kept)));
}
