// The operator's desk: what is typed goes into one queue and stays there until the node has answered, over reloads and dead lines.
import { ApiFault, get, query, send } from "../../api/client";
import type { LineEntered, NetRoll } from "../../api/types";
import { answered, batchOf, kept, netOf, undoable, unsent, type Net, type Row } from "./lines";

const AGAIN_MS = 2_000;

export class Desk {
  rows = $state.raw<Row[]>([]);
  roll = $state.raw<NetRoll | null>(null);
  /** By the browser's clock: when the roll came. */
  rollMs = $state(0);
  /** Why lines wait: the node does not answer, or may not write. */
  stuck = $state.raw<unknown>(null);
  fault = $state.raw<unknown>(null);
  net = $state.raw<Net>({ district: "", sector: 0 });
  rung = $state("radio");
  #shelf = "";
  #busy = false;
  #next = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  /** Takes up what a reload or a dead line left. */
  open(shelf: string): void {
    this.#shelf = shelf;
    this.rows = [];
    try {
      const left = JSON.parse(localStorage.getItem(shelf) ?? "[]") as Row[];
      if (Array.isArray(left)) this.rows = left;
    } catch {
      // what cannot be read is no line of ours
    }
    this.#next = Math.max(this.#next, ...this.rows.map((row) => row.id + 1));
    void this.pump();
  }
  close(): void {
    clearTimeout(this.#timer);
    this.#shelf = "";
  }
  #set(rows: Row[]): void {
    this.rows = rows;
    try {
      localStorage.setItem(this.#shelf, JSON.stringify(unsent(rows)));
    } catch {
      // a browser that keeps nothing loses lines with the page alone
    }
  }

  /** What time it is on the day. */
  dayMs(nowMs: number): number {
    const roll = this.roll;
    return roll ? roll.now_ms + (Math.max(0, nowMs - this.rollMs) * roll.pace_milli) / 1000 : nowMs;
  }
  async load(net: Net = this.net): Promise<void> {
    const turn = (this.#asked += 1);
    try {
      const found = await get<NetRoll>(`/api/net${query({ district: net.district, sector: net.sector || null })}`);
      if (turn !== this.#asked) return;
      this.roll = found;
      this.rollMs = Date.now();
      this.net = { district: found.district, sector: found.sector };
      this.fault = null;
    } catch (error) {
      if (turn === this.#asked) this.fault = error;
    }
  }

  /** Enters lines in the order in which they stand; a line that only names a net opens it for those after it. */
  enter(lines: readonly string[]): void {
    const nowMs = Date.now();
    let rows = this.rows;
    for (const line of lines) {
      const net = netOf(line, this.net, this.roll?.districts ?? []);
      if (net) {
        this.net = net;
        void this.load(net);
        continue;
      }
      const at_ms = Math.floor(this.dayMs(nowMs));
      rows = [{ id: this.#next++, line, at_ms, ...this.net, rung: this.rung, fate: "waiting", told: null, fault: null, typedMs: nowMs, doneMs: 0 }, ...rows];
    }
    this.#set(kept(rows));
    void this.pump();
  }
  /** Takes the newest refused line back into the field. */
  takeUp(): string | null {
    const row = this.rows.find((one) => one.fate === "refused");
    if (row) this.drop(row.id);
    return row?.line ?? null;
  }
  drop(id: number): void {
    this.#set(this.rows.filter((row) => row.id !== id));
  }

  async pump(): Promise<void> {
    if (this.#busy || !this.#shelf) return;
    const batch = batchOf(this.rows);
    const first = batch[0];
    if (!first) return;
    this.#busy = true;
    clearTimeout(this.#timer);
    const lines = batch.map(({ line, at_ms }) => ({ line, at_ms }));
    try {
      const told = await send<LineEntered[]>("POST", "/api/net/lines", { district: first.district, sector: first.sector, rung: first.rung, lines });
      this.#set(answered(this.rows, batch, told, Date.now()));
      this.stuck = null;
      void this.load();
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      if ([400, 403, 422].includes(error.status)) {
        const { code, text_en, text_ur } = error.fault;
        const ids = new Set(batch.map((row) => row.id));
        this.#set(this.rows.map((row) => (ids.has(row.id) ? { ...row, fate: "refused" as const, fault: { code, text_en, text_ur } } : row)));
      } else {
        this.stuck = error;
        this.#timer = setTimeout(() => void this.pump(), AGAIN_MS);
        return;
      }
    } finally {
      this.#busy = false;
    }
    void this.pump();
  }

  /** Takes the newest check-in of the last seconds back, or the one that is named. */
  async undo(reason: string, row: Row | null = undoable(this.rows, Date.now())): Promise<boolean> {
    const read = row?.told?.read;
    if (!row || !read || !row.told?.entry) return false;
    try {
      await send("POST", "/api/net/strike", { entry: row.told.entry, station: read.station ?? null, post: read.station ? null : read.call_sign, code: read.code, reason });
      this.#set(this.rows.map((one) => (one.id === row.id ? { ...one, fate: "struck" as const } : one)));
      this.fault = null;
      void this.load();
      return true;
    } catch (error) {
      this.fault = error;
      return false;
    }
  }
}
