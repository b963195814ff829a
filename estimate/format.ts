/** USD to the cent. What is there but below a cent is not shown as nothing. */
export function usd(value: number): string {
  if (value > 0 && value < 0.005) return "<$0.01";
  return `$${value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

export function count(value: number): string {
  const digits = value >= 1000 ? 0 : value >= 10 ? 1 : 3;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
