// How a finding stands, as it is shown: what is overdue or disputed first. Pure.
import type { FindingEntry } from "../../api/types";

export const PHASES = [
  { phase: "overdue", look: "bad", sign: "■" },
  { phase: "disputed", look: "bad", sign: "■" },
  { phase: "finished", look: "accent", sign: "◐" },
  { phase: "found", look: "warn", sign: "▲" },
  { phase: "charged", look: "", sign: "○" },
  { phase: "closed", look: "good", sign: "✓" },
  { phase: "dropped", look: "", sign: "–" },
] as const;
export type FindingPhase = (typeof PHASES)[number]["phase"];
export const ACTS = ["charge", "finish", "return", "close", "drop"] as const;
export type FindingAct = (typeof ACTS)[number];

export function isOpen(row: Pick<FindingEntry, "phase">): boolean {
  return row.phase !== "closed" && row.phase !== "dropped";
}
/** Whether an act needs words: what was done, or why. */
export function needsWords(act: FindingAct): boolean {
  return act !== "close";
}
