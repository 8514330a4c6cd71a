// Which acts a unit's phase allows, who may do them, and in which order units are read. Pure.
import type { DispatchUnit } from "../../api/types";

export type Deed = "depart" | "arrive" | "contain" | "release" | "ready" | "rest" | "take-out" | "go-off-duty";

/** As docs/state-machines/dispatch.md draws them; what may come next stands first. */
const DEEDS: Record<string, Deed[]> = {
  ready: ["rest", "take-out", "go-off-duty"],
  told: ["depart", "arrive", "release"],
  "on-the-way": ["arrive", "release"],
  there: ["contain", "release"],
  contained: ["release"],
  returning: ["ready", "rest", "take-out"],
  resting: ["ready", "go-off-duty"],
  "out-of-service": ["ready", "go-off-duty"],
  disputed: ["release"],
};
export const deedsOf = (phase: string): Deed[] => DEEDS[phase] ?? [];

export const NEEDS: Record<Deed, string> = { depart: "incident.progress", arrive: "incident.progress", contain: "incident.progress", release: "incident.dispatch", ready: "dispatch.report", rest: "dispatch.duty", "take-out": "dispatch.report", "go-off-duty": "dispatch.duty" };

/** How long its crew may still be sent, in milliseconds; nought or less: it has to be relieved. */
export const restOf = (unit: Pick<DispatchUnit, "until_ms">, nowMs: number): number => unit.until_ms - nowMs;

const RANK = ["disputed", "told", "on-the-way", "there", "contained", "returning", "ready", "out-of-service", "resting", "off-duty"];
/** What moves comes first, then what waits, then what does not serve. */
export function order(a: DispatchUnit, b: DispatchUnit): number {
  return RANK.indexOf(a.phase) - RANK.indexOf(b.phase) || a.area.localeCompare(b.area) || a.unit.localeCompare(b.unit, undefined, { numeric: true });
}
