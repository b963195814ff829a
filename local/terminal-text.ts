/**
 * Text that may hold something from outside, fit for a terminal: a control character in it would colour or overwrite what stands
 * there, a mark of direction would turn it around.
 */
export function terminalText(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, "\uFFFD");
}
