// Lines of a net as the operator's page keeps them: what was typed stays until the node says what became of it. Pure.
import type { LineEntered, LineFault } from "../../api/types";

export type Fate = "waiting" | "done" | "refused" | "struck";
export interface Row {
  id: number;
  line: string;
  /** By the day's clock. Given again with the same moment it is the same line. */
  at_ms: number;
  district: string;
  sector: number;
  rung: string;
  fate: Fate;
  told: LineEntered | null;
  fault: LineFault | null;
  /** By the browser's clock: Enter, and the answer. */
  typedMs: number;
  doneMs: number;
}
export interface Net { district: string; sector: number }

/** So long a check-in may be taken back by one key. */
export const UNDO_MS = 10_000;
/** As many as the node takes at once. */
const BATCH_MAX = 256;
/** Entered ones that stay in sight. */
const KEPT = 60;

/** Arabic and Persian digits as Latin ones. */
export const latin = (text: string): string => text.replace(/[٠-٩]/g, (sign) => String(sign.charCodeAt(0) - 0x0660)).replace(/[۰-۹]/g, (sign) => String(sign.charCodeAt(0) - 0x06f0));

/** The net that a line names and says nothing of. */
export function netOf(line: string, open: Net, districts: readonly { number: number; area: string }[]): Net | null {
  const found = /^\s*(?:d\s*(\d{1,3})[\s,،]+)?s\s*(\d{1,3})\s*$/i.exec(latin(line));
  if (!found) return null;
  const number = found[1] ? Number(found[1]) : null;
  const district = number === null ? open.district : districts.find((one) => one.number === number)?.area;
  return district ? { district, sector: Number(found[2]) } : null;
}

/** Lines of a text that was typed or pasted; blank ones are none. */
export const linesOf = (text: string): string[] => text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");

/** The oldest lines that go together: one net, one rung. */
export function batchOf(rows: readonly Row[]): Row[] {
  const waiting = rows.filter((row) => row.fate === "waiting").sort((one, other) => one.id - other.id);
  const first = waiting[0];
  if (!first) return [];
  const apart = waiting.findIndex((row) => row.district !== first.district || row.sector !== first.sector || row.rung !== first.rung);
  return waiting.slice(0, apart < 0 ? BATCH_MAX : Math.min(apart, BATCH_MAX));
}

/** The newest first; what waits or was refused is never dropped. */
export function kept(rows: readonly Row[]): Row[] {
  let entered = 0;
  return rows.filter((row) => row.fate === "waiting" || row.fate === "refused" || (entered += 1) <= KEPT);
}

/** What became of lines, by the node's answer. */
export function answered(rows: readonly Row[], batch: readonly Row[], told: readonly LineEntered[], nowMs: number): Row[] {
  const fates = new Map(batch.map((row, at) => [row.id, told[at] ?? null]));
  return kept(rows.map((row) => {
    const said = fates.get(row.id);
    if (!said) return row;
    const entered = said.entry !== null && said.entry !== undefined || Boolean(said.incident);
    const fault = said.fault ?? said.read.fault ?? null;
    return { ...row, told: said, fault: entered ? null : fault, fate: entered ? "done" : "refused", doneMs: nowMs };
  }));
}

/** The newest check-in that may still be taken back. */
export const undoable = (rows: readonly Row[], nowMs: number): Row | null =>
  rows.find((row) => row.fate === "done" && row.told?.read.kind === "check-in" && nowMs - row.doneMs <= UNDO_MS) ?? null;

/** How long entered lines took, the middle one. */
export function middleMs(rows: readonly Row[]): number | null {
  const took = rows.filter((row) => row.fate === "done").map((row) => row.doneMs - row.typedMs).sort((one, other) => one - other);
  return took[Math.floor((took.length - 1) / 2)] ?? null;
}

/** What must outlast a reload. */
export const unsent = (rows: readonly Row[]): Row[] => rows.filter((row) => row.fate === "waiting" || row.fate === "refused");
