// The day as this screen holds it: one whole frame, then what differs. Queue and counters are computed from it.
import type { SilenceView, AreaView, Counts, Frame, IncidentView, SuspensionView } from "../../api/types";
import { decodeStatus } from "../../api/day";

export interface QueueItem {
  key: string;
  kind: "incident" | "alarm";
  severity: number;
  most: boolean;
  atMs: number;
  targetMs: number | null;
  /** Of silences of one rank the larger first. */
  count: number;
  incident: IncidentView | null;
  alarm: SilenceView | null;
}

/** Closed incidents stay in the list for the window of the timeline, not in the queue. */
export function isOpen(incident: IncidentView): boolean {
  return incident.phase !== "closed" && incident.merged_into === null;
}
export function keyOf(incident: { id: string; area: string; complaint: boolean }): string {
  return `${incident.complaint ? "c" : "i"} ${incident.area} ${incident.id}`;
}

/** What matters first: severity, then the target about to be missed, then the most sensitive place, then age. */
export function byRank(a: QueueItem, b: QueueItem): number {
  const target = (item: QueueItem): number => item.targetMs ?? Number.MAX_SAFE_INTEGER;
  return b.severity - a.severity || target(a) - target(b) || Number(b.most) - Number(a.most) || b.count - a.count || a.atMs - b.atMs || (a.key < b.key ? -1 : 1);
}

export function queueOf(incidents: Iterable<IncidentView>, areas: Iterable<AreaView>): QueueItem[] {
  const items: QueueItem[] = [];
  const taken = new Set<string>();
  for (const incident of incidents) {
    if (incident.source === "derived") taken.add(incident.id);
    if (!isOpen(incident)) continue;
    items.push({
      key: keyOf(incident), kind: "incident", severity: incident.severity, most: incident.class === 2,
      atMs: incident.at_ms, targetMs: incident.target?.by_ms ?? null, count: 1, incident, alarm: null,
    });
  }
  for (const area of areas) {
    for (const alarm of area.alarms) {
      if (taken.has(alarm.id)) continue;
      items.push({ key: `a ${alarm.id}`, kind: "alarm", severity: alarm.severity, most: alarm.severity > 2, atMs: alarm.due_ms, targetMs: alarm.due_ms, count: alarm.most * 1000 + alarm.count, incident: null, alarm });
    }
  }
  return items.sort(byRank);
}

const NOTHING: Counts = { stages: [[0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0]], trouble: 0, opened: 0, closed: 0, disputed: 0 };

export class Day {
  version = $state(0);
  totals = $state.raw<Counts>(NOTHING);
  areas = $state.raw<Map<number, AreaView>>(new Map());
  incidents = $state.raw<Map<string, IncidentView>>(new Map());
  suspensions = $state.raw<Map<string, SuspensionView>>(new Map());
  /** A byte a station, in the order of the points. Grows a number with each change, so that readers look again. */
  status = $state.raw<Uint8Array>(new Uint8Array());
  turn = $state(0);
  exercise = $state(false);
  pace = $state(1);
  state = $state<"connecting" | "open" | "lost">("connecting");
  /** By the browser's clock. */
  heardMs = $state(0);
  #dayMs = 0;
  #source: EventSource | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  queue = $derived(queueOf(this.incidents.values(), this.areas.values()));

  open(): void {
    const source = new EventSource("/api/day/live");
    this.#source = source;
    source.addEventListener("frame", (event) => this.take(JSON.parse((event as MessageEvent<string>).data) as Frame));
    source.addEventListener("still", (event) => this.#clock(JSON.parse((event as MessageEvent<string>).data) as Frame["clock"]));
    source.onerror = () => {
      this.state = "lost";
      source.close();
      // Each connection begins with a whole frame, so that nothing is pieced together over a gap.
      clearTimeout(this.#retry);
      if (!this.#closed) this.#retry = setTimeout(() => this.open(), 2000);
    };
  }
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#source?.close();
  }

  #clock(clock: Frame["clock"]): void {
    this.#dayMs = clock.now_ms;
    this.pace = clock.pace_milli / 1000;
    this.heardMs = Date.now();
    this.state = "open";
  }
  /** What time it is on the day, when the browser's clock says so. */
  at(nowMs: number): number {
    return this.#dayMs + Math.max(0, nowMs - this.heardMs) * this.pace;
  }

  take(frame: Frame): void {
    this.#clock(frame.clock);
    this.exercise = frame.exercise;
    this.totals = frame.totals;
    this.status = decodeStatus(frame.status, frame.whole, this.status);
    this.turn += 1;
    if (frame.whole || frame.areas.length > 0) {
      const areas = frame.whole ? new Map<number, AreaView>() : new Map(this.areas);
      for (const area of frame.areas) areas.set(area.index, area);
      this.areas = areas;
    }
    if (frame.whole || frame.incidents.length > 0) {
      const incidents = frame.whole ? new Map<string, IncidentView>() : new Map(this.incidents);
      for (const incident of frame.incidents) incidents.set(keyOf(incident), incident);
      this.incidents = incidents;
    }
    if (frame.whole || frame.suspensions.length > 0) {
      const suspensions = frame.whole ? new Map<string, SuspensionView>() : new Map(this.suspensions);
      for (const suspension of frame.suspensions) suspensions.set(`${suspension.area} ${suspension.name}`, suspension);
      this.suspensions = suspensions;
    }
    this.version = frame.version;
  }
}
