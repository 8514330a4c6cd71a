// What a lesson does with time and answers before the node judges it. Pure.
import type { ClassLesson, ClassSheet, NetLesson, NetSheet, WatchLesson, WatchSheet } from "../../api/types";

export const SORTS = ["net", "watch", "class"] as const;
export type Sort = (typeof SORTS)[number];
/** Somebody speaks so many milliseconds a word. */
export const WORD_MS = 330;
/** How long a message can still be read once it was said, by level; 0: for ever. */
const HOLD_MS = [0, 0, 5000, 2000];
/** The net goes on after this at the hardest level. */
const NET_WAITS_MS = 15_000;
/** The next word comes to a desk after this, by level, unless the desk is empty before. */
const GAP_MS = [0, 40_000, 25_000, 15_000];

/** How much of a message has been said, and whether it can still be read. */
export function said(text: string, sinceMs: number, level: number): { words: string; gone: boolean; endMs: number } {
  const words = text.split(" ");
  const count = Math.min(words.length, 1 + Math.floor(Math.max(0, sinceMs) / WORD_MS));
  const endMs = words.length * WORD_MS;
  const hold = HOLD_MS[level] ?? 0;
  return { words: words.slice(0, count).join(" "), gone: hold > 0 && sinceMs > endMs + hold, endMs };
}
/** Whether the net has gone on without the operator. */
export const goesOn = (sinceMs: number, endMs: number, level: number): boolean => level === 3 && sinceMs > endMs + NET_WAITS_MS;
/** When the next word comes to the desk. */
export const dueMs = (lastMs: number, level: number): number => lastMs + (GAP_MS[level] ?? GAP_MS[1]!);

export interface Act { deed: string; whom: string | null; after_ms: number }
/** An act that is done already is not done twice; a later one does not move the first. */
export function withAct(acts: readonly Act[], act: Act): Act[] {
  return acts.some((one) => one.deed === act.deed && one.whom === act.whom) ? [...acts] : [...acts, act];
}
/** Keys for those to whom something is given; deeds have letters of their own. */
export const WHOM_KEYS = "1234567890abcdefhi";
export const DEED_KEYS: Readonly<Record<string, string>> = { q: "ask", m: "join", n: "note" };

/** Hands of a class: never below none, never more than a hall holds. */
export function raised(hands: readonly number[], option: number, by: number, options: number): number[] {
  return Array.from({ length: options }, (_, at) => Math.min(999, Math.max(0, (hands[at] ?? 0) + (at === option ? by : 0))));
}
export const LETTERS = ["A", "B", "C", "D"] as const;

const cell = (value: string | number | null): string => {
  const text = String(value ?? "");
  // A spreadsheet takes these for the begin of a formula.
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
};
export const csv = (rows: readonly (readonly (string | number | null)[])[]): string => `${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;

export function netRows(lesson: NetLesson, seed: number, sheet: NetSheet, lines: readonly string[]): (string | number | null)[][] {
  return [
    [sheet.mark], ["net", lesson.net, "seed", seed], ["score", sheet.score, "right", sheet.right, "wrong", sheet.wrong, "missed", sheet.missed],
    ["message", "entered", "wanted", "verdict", "trap", "asked", "seconds", "points"],
    ...sheet.lines.map((line) => [line.message + 1, lines[line.message] ?? "", line.wanted, line.verdict, line.trap, line.asked, line.took_ms / 1000, line.points]),
  ];
}
export function watchRows(lesson: WatchLesson, seed: number, sheet: WatchSheet): (string | number | null)[][] {
  const words = (deed: string, whom: readonly (string | null)[]): string => [deed, whom.filter(Boolean).join("|")].filter(Boolean).join(" ");
  return [
    [sheet.mark], ["watch", lesson.district, "seed", seed], ["score", sheet.score, "right", sheet.right, "late", sheet.late, "in part", sheet.part, "wrong", sheet.wrong, "missed", sheet.missed],
    ["item", "code", "kind", "verdict", "why", "wanted", "within s", "done after s", "better left undone", "points"],
    ...sheet.lines.map((line) => [line.item + 1, lesson.items[line.item]?.code ?? "", lesson.items[line.item]?.kind ?? "", line.verdict, line.why,
      line.wanted.map((one) => words(one.deed, one.whom)).join("; "), line.wanted.map((one) => one.due_s).join("; "), line.wanted.map((one) => (one.done_ms == null ? "–" : one.done_ms / 1000)).join("; "),
      line.wrong.map((one) => words(one.deed, [one.whom ?? null])).join("; "), line.points]),
  ];
}
export function classRows(lesson: ClassLesson, seed: number, sheet: ClassSheet): (string | number | null)[][] {
  return [
    [sheet.mark], ["class", "seed", seed], ["right", sheet.right, "hands", sheet.all, "percent", sheet.percent],
    ["situation", "module", "question", ...LETTERS, "right answer", "percent"],
    ...sheet.lines.map((line, at) => [line.id, `M${line.module}`, lesson.situations[at]?.question.en ?? "", ...LETTERS.map((_, option) => line.hands[option] ?? null), LETTERS[lesson.situations[at]?.right ?? 0] ?? "", line.percent ?? null]),
    ...sheet.again.map((one) => ["again", `M${one.module}`, one.percent]),
  ];
}
