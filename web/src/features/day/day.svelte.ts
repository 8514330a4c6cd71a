// The day as this screen holds it: one whole frame, then what differs. The counters come with it; the queue is computed.
import type { AreaView, Counts, Frame, IncidentView, SuspensionView, UnitLate } from "../../api/types";
import { decodeStatus } from "../../api/day";
import { keyOf, queueOf } from "./queue";

const NOTHING: Counts = { stages: [[0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0]], trouble: 0, opened: 0, closed: 0, disputed: 0 };

export class Day {
  version = $state(0);
  totals = $state.raw<Counts>(NOTHING);
  areas = $state.raw<Map<number, AreaView>>(new Map());
  incidents = $state.raw<Map<string, IncidentView>>(new Map());
  suspensions = $state.raw<Map<string, SuspensionView>>(new Map());
  /** Units that are late; the list comes whole. */
  late = $state.raw<UnitLate[]>([]);
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

  unfolded = $state("");
  queue = $derived(queueOf(this.incidents.values(), this.areas.values(), this.unfolded, this.late));

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
    if (frame.late) this.late = frame.late;
    this.version = frame.version;
  }
}
