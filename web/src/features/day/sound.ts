// What must be heard: something grave that is new, that nobody answers, that goes up a level, or that misses its target. Small
// things make no sound, so that a sound means something. Pure, but for the player at the end.
import type { QueueItem } from "./queue";

export type Call = "new" | "up" | "late" | "again";
/** From this severity on something is heard. */
export const HEARD_FROM = 3;
/** From this severity on it calls again while nobody answers. */
const AGAIN_FROM = 4;
const AGAIN_MS = 30_000;

export interface Heard { late: boolean; asked: string; calledMs: number }
export interface Calls { calls: { item: QueueItem; why: Call }[]; heard: Map<string, Heard> }

const waits = (item: QueueItem): boolean => !item.incident || item.incident.phase === "reported" || item.incident.phase === "reopened";

/** What calls now, the gravest first, and what was heard so far. What stands in the first picture is known already. */
export function callsOf(before: ReadonlyMap<string, Heard> | null, queue: readonly QueueItem[], dayMs: number, nowMs: number): Calls {
  const heard = new Map<string, Heard>();
  const calls: Calls["calls"] = [];
  for (const item of queue) {
    if (item.severity < HEARD_FROM) continue;
    const late = item.targetMs !== null && item.targetMs < dayMs;
    const asked = item.incident?.asked ?? "";
    const known = before?.get(item.key);
    const passed = (item.incident?.passed ?? 0) > 0;
    const why: Call | null = before === null ? null
      : !known ? "new"
      : passed && asked !== known.asked ? "up"
      : late && !known.late && item.kind === "incident" ? "late"
      : item.severity >= AGAIN_FROM && waits(item) && nowMs - known.calledMs >= AGAIN_MS ? "again" : null;
    if (why) calls.push({ item, why });
    heard.set(item.key, { late, asked, calledMs: why || !known ? nowMs : known.calledMs });
  }
  calls.sort((a, b) => b.item.severity - a.item.severity);
  return { calls, heard };
}

/** Notes of a call in hertz: graver ones rise, so that they are told apart with closed eyes. */
export function notesOf(severity: number, why: Call): number[] {
  if (severity >= 5) return why === "new" ? [880, 1175, 1568, 1175, 1568] : [1568, 1175, 1568];
  if (severity === 4) return why === "new" ? [784, 1047, 1319] : [1047, 1319];
  return [659];
}

const KEPT = "pehra-day-sound";
export function soundWanted(): boolean {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}
export function keepSound(on: boolean): void {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // a browser that keeps nothing sounds again next time
  }
}

/** Plays notes one after the other; false where the browser waits for somebody to touch the page first. */
export class Player {
  #context: AudioContext | null = null;
  async play(notes: readonly number[]): Promise<boolean> {
    try {
      this.#context ??= new AudioContext();
      const context = this.#context;
      if (context.state === "suspended") await Promise.race([context.resume(), new Promise((settle) => setTimeout(settle, 150))]);
      if (context.state !== "running") return false;
      notes.forEach((hertz, at) => {
        const [tone, loud] = [context.createOscillator(), context.createGain()];
        const begins = context.currentTime + at * 0.16;
        tone.frequency.value = hertz;
        loud.gain.setValueAtTime(0.0001, begins);
        loud.gain.exponentialRampToValueAtTime(0.25, begins + 0.02);
        loud.gain.exponentialRampToValueAtTime(0.0001, begins + 0.15);
        tone.connect(loud).connect(context.destination);
        tone.start(begins);
        tone.stop(begins + 0.16);
      });
      return true;
    } catch {
      return false;
    }
  }
  close(): void {
    void this.#context?.close();
  }
}
