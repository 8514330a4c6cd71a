// Reading and printing the model's parameters. Pure.
import type { Parameter } from "../../api/types";

export function groupsOf(rows: readonly Parameter[]): [string, Parameter[]][] {
  const groups = new Map<string, Parameter[]>();
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  return [...groups];
}
export function printed(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
/** What was typed, as the kind of thing that was there: a number stays a number, a table stays JSON. */
export function readValue(text: string, was: unknown): unknown {
  const trimmed = text.trim();
  if (typeof was === "number") {
    const number = Number(trimmed.replace(",", "."));
    return trimmed !== "" && Number.isFinite(number) ? number : trimmed;
  }
  if (typeof was === "string") return trimmed;
  try {
    return JSON.parse(trimmed) as unknown;
  } catch {
    return trimmed;
  }
}
/** Sums of the weights by part: T, V and C should each make 1. */
export function weightSums(rows: readonly Parameter[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const part = /([TVC])\d$/.exec(row.key)?.[1];
    if (row.group === "weights" && part && typeof row.value === "number") sums.set(part, (sums.get(part) ?? 0) + row.value);
  }
  return [...sums];
}
