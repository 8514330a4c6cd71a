// Sums and rules of the reserves' page. Pure.
import type { PlanStatus, ReserveClass, ReserveRow } from "../../api/types";

export type ReserveAct = "propose" | "approve" | "reject" | "adopt" | "withdraw";
const NEEDS: Record<ReserveAct, string> = { propose: "plan.edit", approve: "plan.approve", reject: "plan.approve", adopt: "plan.adopt", withdraw: "plan.withdraw" };
const ACTS: Record<PlanStatus, readonly ReserveAct[]> = {
  draft: ["propose"], proposed: ["approve", "reject", "withdraw"], approved: ["adopt", "withdraw"], adopted: ["withdraw"],
  superseded: ["adopt", "withdraw"], disputed: ["adopt", "withdraw"], rejected: [], withdrawn: [],
};

/** What somebody may do to a basing. Whoever proposed it does not answer it, and what this node no longer has is not proposed. */
export function actsOf(row: ReserveRow, person: string, may: (permission: string) => boolean): ReserveAct[] {
  const own = row.proposed_by === person;
  return ACTS[row.status].filter((act) => may(NEEDS[act]) && !(own && (act === "approve" || act === "reject")) && (act !== "propose" || row.here));
}
/** The gap as a share of the bound. */
export function gapOf(row: Pick<ReserveRow, "gap" | "bound">): number {
  return Math.max(0, row.gap / Math.max(1, row.bound));
}
/** Whole minutes, a begun one counted. */
export function minutes(seconds: number): number {
  return Math.ceil(seconds / 60);
}
export function inAll(classes: readonly ReserveClass[], of: "stations" | "reached" | "twice" | "guaranteed" | "estimated"): number {
  return classes.reduce((sum, one) => sum + one[of], 0);
}

export type Line = [number, number, number, number];
/** A line from its text; null when it is none. */
export function readLine(text: string): Line | null {
  const parts = text.split(",").map((part) => part.trim());
  const numbers = parts.map(Number);
  const [a, b, c, d] = numbers;
  if (parts.length !== 4 || parts.includes("") || a === undefined || b === undefined || c === undefined || d === undefined) return null;
  const fits = (lat: number, lon: number): boolean => Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return numbers.every(Number.isFinite) && fits(a, b) && fits(c, d) ? [a, b, c, d] : null;
}
export function writeLine(line: Line): string {
  return line.map((part) => String(Math.round(part * 1e4) / 1e4)).join(", ");
}

/** A basing's bytes as columns: how each point is covered, and in how many minutes. */
export function readCover(bytes: Uint8Array): { cover: Uint8Array; minutes: Uint8Array } {
  const count = bytes.length >> 1;
  const [cover, wait] = [new Uint8Array(count), new Uint8Array(count)];
  for (let i = 0; i < count; i += 1) {
    cover[i] = bytes[i * 2] ?? 0;
    wait[i] = bytes[i * 2 + 1] ?? 255;
  }
  return { cover, minutes: wait };
}
export const ESTIMATED = 8;
const LOST = 6;
/** The same with some points marked as losing all help in time. */
export function withLost(cover: Uint8Array, lost: readonly number[]): Uint8Array {
  const marked = cover.slice();
  for (const at of lost) if (at < marked.length) marked[at] = LOST | ((marked[at] ?? 0) & ESTIMATED);
  return marked;
}
/** 1 for each point that votes and is of the class; all classes when none is named. */
export function maskOf(cover: Uint8Array, klass: Uint8Array, only: number | null): Uint8Array {
  return Uint8Array.from(cover, (code, at) => ((code & 7) > 0 && (only === null || klass[at] === only) ? 1 : 0));
}
