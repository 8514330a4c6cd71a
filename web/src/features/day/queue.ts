// What waits for somebody, in the order in which it matters.
import type { AreaView, IncidentView, SilenceView, UnitLate } from "../../api/types";

export interface QueueItem {
  key: string;
  kind: "incident" | "alarm" | "silences" | "unit";
  severity: number;
  most: boolean;
  atMs: number;
  targetMs: number | null;
  /** Of silences of one rank the larger first. */
  count: number;
  incident: IncidentView | null;
  alarm: SilenceView | null;
  /** A unit that is late, or a wish for one that nobody answers. */
  unit: UnitLate | null;
  /** Stations of one district that are silent each for itself, which a reader of many districts sees as one row. */
  silences: SilenceView[];
}

/** Closed incidents stay in the list for the window of the timeline, not in the queue. */
export function isOpen(incident: IncidentView): boolean {
  return incident.phase !== "closed" && incident.merged_into === null;
}
export function keyOf(incident: { id: string; area: string; complaint: boolean }): string {
  return `${incident.complaint ? "c" : "i"} ${incident.area} ${incident.id}`;
}

/** What matters first: severity, then what was reported or is lost at large before single silences, then the target about to
 *  be missed, then the most sensitive place, then age. */
export function byRank(a: QueueItem, b: QueueItem): number {
  const target = (item: QueueItem): number => item.targetMs ?? Number.MAX_SAFE_INTEGER;
  const single = (item: QueueItem): number => Number(item.kind === "silences" || (item.alarm !== null && item.alarm.count === 1));
  return b.severity - a.severity || single(a) - single(b) || target(a) - target(b) || Number(b.most) - Number(a.most) || b.count - a.count || a.atMs - b.atMs || (a.key < b.key ? -1 : 1);
}

function ofAlarm(alarm: SilenceView): QueueItem {
  return { key: `a ${alarm.id}`, kind: "alarm", severity: alarm.severity, most: alarm.severity > 2, atMs: alarm.due_ms, targetMs: alarm.due_ms, count: alarm.most * 1000 + alarm.count, incident: null, alarm, unit: null, silences: [] };
}
function ofUnit(unit: UnitLate): QueueItem {
  return { key: `u ${unit.id}`, kind: "unit", severity: unit.severity, most: false, atMs: unit.due_ms, targetMs: unit.due_ms, count: 1, incident: null, alarm: null, unit, silences: [] };
}

/** Single silences belong to their district's desk: whoever reads several districts sees one row a district. */
function ofDistrict(area: string, silences: SilenceView[]): QueueItem {
  const most = silences.filter((one) => one.most > 0).length;
  const due = silences.reduce((first, one) => Math.min(first, one.due_ms), Number.MAX_SAFE_INTEGER);
  return { key: `d ${area}`, kind: "silences", severity: most > 0 ? 3 : 2, most: most > 0, atMs: due, targetMs: due, count: most * 1000 + silences.length, incident: null, alarm: null, unit: null, silences };
}

/** `unfolded` is the district whose single silences stand below its row. */
export function queueOf(incidents: Iterable<IncidentView>, areas: Iterable<AreaView>, unfolded = "", units: Iterable<UnitLate> = []): QueueItem[] {
  const items: QueueItem[] = [];
  const taken = new Set<string>();
  for (const incident of incidents) {
    if (incident.source === "derived") taken.add(incident.id);
    if (!isOpen(incident)) continue;
    items.push({
      key: keyOf(incident), kind: "incident", severity: incident.severity, most: incident.class === 2,
      atMs: incident.at_ms, targetMs: incident.target?.by_ms ?? null, count: 1, incident, alarm: null, unit: null, silences: [],
    });
  }
  for (const unit of units) if (!taken.has(unit.id)) items.push(ofUnit(unit));
  const districts = [...areas];
  for (const district of districts) {
    const open = district.alarms.filter((alarm) => !taken.has(alarm.id));
    const folds = (alarm: SilenceView): boolean => districts.length > 1 && alarm.count === 1;
    for (const alarm of open) if (!folds(alarm)) items.push(ofAlarm(alarm));
    const single = open.filter(folds);
    if (single.length === 1) items.push(...single.map(ofAlarm));
    else if (single.length > 1) items.push(ofDistrict(single[0]?.area ?? "", single));
  }
  return items.sort(byRank).flatMap((item) => (item.key === unfolded ? [item, ...item.silences.map(ofAlarm).sort(byRank)] : [item]));
}
