/**
 * Probability that all servers are busy, with no queue: A. K. Erlang, 1917, by the recursion
 * B(a, c) = a B(a, c - 1) / (c + a B(a, c - 1)), B(a, 0) = 1.
 *
 * @param offered arrivals in a mean service time
 */
export function erlangB(offered: number, servers: number): number {
  let loss = 1;
  for (let c = 1; c <= servers; c++) loss = (offered * loss) / (c + offered * loss);
  return loss;
}

/** Probability to wait in an endless queue, with exponential service times. */
export function erlangC(offered: number, servers: number): number {
  const loss = erlangB(offered, servers);
  return loss / (1 - (offered / servers) * (1 - loss));
}
