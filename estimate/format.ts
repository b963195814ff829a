/** Figures as people read them, the same in the terminal, in the report and in messages. */

const cents = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** USD to the cent. What is there but below a cent is not shown as nothing. */
export function usd(value: number): string {
  if (value > 0 && value < 0.005) return "<$0.01";
  return `$${cents.format(value)}`;
}

export function count(value: number): string {
  const digits = value >= 1000 ? 0 : value >= 10 ? 1 : 3;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}

/** Milliseconds in the unit that suits them, to three digits: 42 ms, 1.25 s, 4.2 min. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${ms >= 99.5 || ms === 0 ? Math.round(ms) : Number(ms.toPrecision(2))} ms`;
  if (ms < 59_950) return `${Number((ms / 1000).toPrecision(3))} s`;
  return `${Number((ms / 60_000).toPrecision(3))} min`;
}

/** A share to two digits. What is there but below a hundredth of a per cent is not shown as nothing. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.01) return "<0.01 %";
  return `${value >= 10 ? Number(value.toPrecision(3)) : Number(value.toFixed(2))} %`;
}
