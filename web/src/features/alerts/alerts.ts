// What the words of alerts look like, and how a wish is read from a form. Pure.
import type { AlertRow, AlertWish } from "../../api/types";

export const CATEGORIES = ["Security", "Safety", "Rescue", "Fire", "Health", "Transport", "Infra", "Met", "Geo", "Other"] as const;
export const RESPONSES = ["Avoid", "Shelter", "Evacuate", "Prepare", "Execute", "Monitor", "Assess", "AllClear", "None"] as const;
export const URGENCIES = ["Immediate", "Expected", "Future", "Past", "Unknown"] as const;
export const SEVERITIES = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"] as const;
export const CERTAINTIES = ["Observed", "Likely", "Possible", "Unlikely", "Unknown"] as const;
export const SCOPES = ["Restricted", "Private", "Public"] as const;
/** What a cancellation says unless somebody writes more. */
export const OVER = { english: "It is over.", urdu: "صورتِ حال ختم ہو چکی ہے۔" } as const;
export const HOURS = [1, 2, 3, 6, 12, 24, 48, 72] as const;

export const PHASES = ["drafted", "discarded", "released", "updated", "expired", "cancelled", "disputed"] as const;
export type Phase = (typeof PHASES)[number];
export const SIGN: Record<Phase, string> = { drafted: "◔", discarded: "✕", released: "●", updated: "↻", expired: "○", cancelled: "✕", disputed: "▲" };
export const LOOK: Record<Phase, string> = { drafted: "warn", discarded: "", released: "accent", updated: "", expired: "", cancelled: "", disputed: "bad" };
/** A grave one has its own shape beside its word. */
export const GRAVITY: Record<string, number> = { Extreme: 5, Severe: 4, Moderate: 3, Minor: 2, Unknown: 1 };

export function phaseOf(row: AlertRow): Phase {
  return PHASES.find((phase) => phase === row.phase) ?? "drafted";
}
/** For whom, as one line. */
export function whoOf(wish: AlertWish): string {
  return wish.scope === "Private" ? (wish.addresses ?? []).join(", ") : (wish.restriction ?? "");
}
/** Whole minutes from now on; the protocol counts seconds, people hours. */
export function endOf(nowMs: number, hours: number): number {
  return Math.floor(nowMs / 60_000) * 60_000 + hours * 3_600_000;
}
/** Offices with commas between them. */
export function officesOf(text: string): string[] {
  return text.split(/[,،\n]/).map((one) => one.trim()).filter(Boolean);
}
/** An update begins with what it takes the place of. */
export function updateOf(row: AlertRow, nowMs: number): AlertWish {
  return { ...row.written, follows: row.id, onset_ms: null, expires_ms: endOf(nowMs, 6) };
}
/** One language is written and the other is not. */
export function lacksOther(wish: AlertWish): boolean {
  const [en, ur] = [wish.english, wish.urdu].map((words) => Boolean(words.headline.trim() && words.description.trim()));
  return en !== ur;
}
