// Service numbers as they are pasted or scanned.
export function countNumbers(text: string): number {
  return new Set(text.split(/[\s,;،؛]+/u).filter((part) => part !== "")).size;
}
