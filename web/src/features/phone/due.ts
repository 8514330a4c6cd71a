// Which check-ins a phone owes, and when. Pure.
import type { PhoneHello } from "../../api/types";
import type { Kept } from "./shelf";

const MINUTE_MS = 60_000;
const CODES = 17;
/** What goes with a code: so many numbers, each with a name. */
export const COUNTS: Partial<Record<string, readonly string[]>> = {
  A3: ["guards"], A6: ["guards", "searchers"], A5: ["present", "expected"], A8: ["men", "women"], A9: ["men", "women", "counted"], A10: ["men", "women"], A11: ["men", "women"], A12: ["inside"], A13: ["agents"],
};
export interface Due { code: string; number: number; dueMs: number | null; is: "said" | "later" | "due" | "amber" | "red"; said: boolean }

/** The codes of a role in the order of the day, with what stands about each at a moment. */
export function dueNow(hello: PhoneHello, role: string, log: Kept[], heard: { code: string; at_ms: number }[], nowMs: number): Due[] {
  const said = new Map<string, number>();
  for (const one of heard) said.set(one.code, Math.min(one.at_ms, said.get(one.code) ?? Number.POSITIVE_INFINITY));
  for (const one of log) if (one.what.is === "check-in" && one.fate !== "refused") said.set(one.what.code, Math.min(one.atMs, said.get(one.what.code) ?? Number.POSITIVE_INFINITY));
  const rows = hello.schedule.slice(0, CODES);
  return rows.map((row, at): Due & { role: string } => {
    const after = row.after ? said.get(row.after) : undefined;
    const dueMs = row.at_minute !== null && row.at_minute !== undefined ? hello.poll_ms + row.at_minute * MINUTE_MS : after !== undefined ? after + (row.after_minutes ?? 0) * MINUTE_MS : null;
    const late = dueMs === null ? Number.NEGATIVE_INFINITY : nowMs - dueMs;
    const is = said.has(row.code) ? "said" : late < 0 ? "later" : late < row.amber_minutes * MINUTE_MS ? "due" : late < row.red_minutes * MINUTE_MS ? "amber" : "red";
    return { code: row.code, number: at + 1, dueMs, is, said: is === "said", role: row.role };
  }).filter((one) => one.role === role || (role === "ARO" && one.role === "RO"));
}
