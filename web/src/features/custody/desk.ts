// What is typed at a counter. Pure.

/** Numbers parted by spaces or commas, each once, as they were read. */
export function seals(text: string): string[] {
  return [...new Set(text.split(/[\s,،]+/u).map((one) => one.trim()).filter((one) => one !== ""))];
}
export function reading(item: string, text: string): { item: string; seals: string[] } {
  return { item, seals: seals(text) };
}
