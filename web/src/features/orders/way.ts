// What the stages of an order mean for the screen. Pure.
import type { Addressed } from "../../api/types";

export interface Stage { word: "given" | "sent" | "received" | "read" | "acted"; at: number | null }

/** The furthest stage: each says all those before it. */
export function furthest(one: Addressed): Stage {
  if (one.acted_ms) return { word: "acted", at: one.acted_ms };
  if (one.read_ms) return { word: "read", at: one.read_ms };
  if (one.received_ms) return { word: "received", at: one.received_ms };
  if (one.sent_ms) return { word: "sent", at: one.sent_ms };
  return { word: "given", at: null };
}

/** Whole minutes until somebody's time is over; 0 when it is. */
export function left(dueMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((dueMs - nowMs) / 60_000));
}
