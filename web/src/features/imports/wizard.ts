// The steps of an import, folded from what the node says. Pure.
import type { ImportColumn, ImportMeaning, ImportView } from "../../api/types";

export const STEPS = ["file", "columns", "check", "sign"] as const;
export type Step = (typeof STEPS)[number];

export function stepOf(view: ImportView | null): Step {
  if (!view) return "file";
  switch (view.state) {
    case "columns":
    case "failed":
      return "columns";
    case "checking":
      return "check";
    case "checked":
    case "signing":
    case "signed":
      return "sign";
  }
}
export type Mapping = Record<number, string>;

/** What the node guessed, as a start. */
export function guessed(columns: readonly ImportColumn[]): Mapping {
  return Object.fromEntries(columns.map((column) => [column.index, column.meaning ?? column.guess ?? ""]));
}
/** One meaning belongs to one column: choosing it takes it from the other. */
export function mapped(mapping: Mapping, index: number, meaning: string): Mapping {
  const next: Mapping = {};
  for (const [key, value] of Object.entries(mapping)) next[Number(key)] = meaning !== "" && value === meaning ? "" : value;
  next[index] = meaning;
  return next;
}
export function missing(mapping: Mapping, meanings: readonly ImportMeaning[]): ImportMeaning[] {
  const used = new Set(Object.values(mapping));
  return meanings.filter((meaning) => meaning.required && !used.has(meaning.key));
}
export function mappingBody(mapping: Mapping): { columns: { index: number; meaning: string | null }[] } {
  return { columns: Object.entries(mapping).map(([index, meaning]) => ({ index: Number(index), meaning: meaning === "" ? null : meaning })) };
}
