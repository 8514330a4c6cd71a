// Service numbers as they are typed, pasted or scanned.

/** Each once, in their order. */
export function numbersOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;،؛]+/u).filter((part) => part !== ""))];
}
