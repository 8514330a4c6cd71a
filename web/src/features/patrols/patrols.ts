// Small sums of the page about patrols. Pure but for the language.
import type { Job, PatrolWay, ScheduleRow } from "../../api/types";
import type { Sketch } from "../../map";
import { dateOf } from "../../ui/date";

export type Standing = "sealed" | "due" | "shown" | "disputed" | "withdrawn";
export const LOOK: Record<Standing, string> = { sealed: "", due: "warn", shown: "good", disputed: "bad", withdrawn: "" };
export const SIGN: Record<Standing, string> = { sealed: "◆", due: "▲", shown: "✓", disputed: "■", withdrawn: "✕" };

/** A sealed schedule whose hour has come waits for the duty officer. */
export function standing(row: ScheduleRow, nowMs: number): Standing {
  const phase = row.phase as Standing;
  return phase === "sealed" && nowMs >= row.from_ms ? "due" : phase;
}

/** The day after the node's, in Pakistan (UTC+5, no summer time), as a field of a form wants it. */
export function tomorrow(nowMs: number): string {
  return dateOf(nowMs + 24 * 3_600_000);
}

/** Ways whose team, base or stops hold the words. */
export function found(ways: readonly PatrolWay[], words: string): PatrolWay[] {
  const wanted = words.trim().toLowerCase();
  if (!wanted) return [...ways];
  return ways.filter((way) => [way.team, way.base?.name ?? "", ...way.stops.flatMap((stop) => [stop.building, stop.name])].some((text) => text.toLowerCase().includes(wanted)));
}

/** All places as spots; of the chosen team its way from the base and back, each stop with its number. */
export function sketches(ways: readonly PatrolWay[], chosen: string): Sketch[] {
  const drawn: Sketch[] = [];
  const at = (stop: { lat_e7?: number | null; lon_e7?: number | null }): [number, number] | null => (stop.lat_e7 == null || stop.lon_e7 == null ? null : [stop.lat_e7 / 1e7, stop.lon_e7 / 1e7]);
  for (const way of ways) {
    const own = way.team === chosen;
    const points: [number, number][] = [];
    for (const [number, stop] of way.stops.entries()) {
      const point = at(stop);
      if (!point) continue;
      points.push(point);
      drawn.push({ tone: own ? "report" : "other", points: [point], radiusM: 0, ring: false, label: own ? `${number + 1}` : "" });
    }
    const base = way.base ? at(way.base) : null;
    if (own && base) {
      drawn.push({ tone: "station", points: [base], radiusM: 0, ring: false, label: way.base?.name ?? "" });
      if (points.length) drawn.push({ tone: "convoy", points: [base, ...points, base], radiusM: 0, ring: false, label: "" });
    }
  }
  return drawn;
}

/** The job that was begun, as it stands by now; none before the stream told of it. */
export function jobOf(jobs: readonly Job[], id: string): Job | null {
  return (id && jobs.find((job) => job.id === id)) || null;
}

/** How the hour of a schedule is told, by how it stands. */
export const HOUR = { sealed: "patrols.until", due: "patrols.since", shown: "patrols.was", disputed: "patrols.was", withdrawn: "patrols.was" } as const;
