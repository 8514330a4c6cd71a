// A past day on this screen: where it stands, how fast it goes, and what the room knew there. It asks and never acts.
import { ApiFault, get, query } from "../../api/client";
import type { Replay, ReplayCourse, ReplayLater } from "../../api/types";
import { Day } from "./day.svelte";

export const PACES = [1, 10, 60, 120, 300, 600] as const;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
const TICK_MS = 200;
const SETTLED_MS = 350;

/** The slider's own step. */
const inSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;

export class Film {
  day = new Day();
  course = $state.raw<ReplayCourse | null>(null);
  position = $state.raw<Replay["position"] | null>(null);
  later = $state.raw<ReplayLater | null>(null);
  /** The moment that is asked for; what is shown says its own in `position`. */
  at = $state(0);
  pace = $state<number>(60);
  playing = $state(false);
  empty = $state(false);
  fault = $state.raw<unknown>(null);
  #seat = Math.random().toString(36).slice(2);
  #holds: number | undefined;
  #asking = false;
  #gone = false;
  #tick: ReturnType<typeof setInterval> | undefined;
  #settle: ReturnType<typeof setTimeout> | undefined;
  #from = { at: 0, ms: 0 };

  /** Begins at a moment, or an hour before the end of the record. */
  async open(at: number): Promise<void> {
    try {
      this.course = await get<ReplayCourse>("/api/replay/course");
      this.seek(at || this.course.until_ms - HOUR_MS);
    } catch (error) {
      this.#broke(error);
    }
  }
  close(): void {
    this.#gone = true;
    this.stop();
    clearTimeout(this.#settle);
  }

  get from(): number {
    return this.course?.from_ms ?? 0;
  }
  get until(): number {
    return inSeconds((this.course?.until_ms ?? 0) + 999);
  }
  seek(at: number): void {
    if (!this.course) return;
    this.at = Math.min(Math.max(inSeconds(at), this.from), this.until);
    this.#from = { at: this.at, ms: performance.now() };
    void this.#ask();
  }
  play(): void {
    if (!this.course || this.playing) return;
    // Whoever plays at the end begins anew.
    if (this.at >= this.until) this.at = this.from;
    this.playing = true;
    this.#from = { at: this.at, ms: performance.now() };
    this.#tick = setInterval(() => this.#go(), TICK_MS);
  }
  stop(): void {
    this.playing = false;
    clearInterval(this.#tick);
    if (!this.#gone) this.#tellLater();
  }
  setPace(pace: number): void {
    this.#from = { at: this.at, ms: performance.now() };
    this.pace = pace;
  }

  #go(): void {
    this.at = Math.min(this.until, inSeconds(this.#from.at + (performance.now() - this.#from.ms) * this.pace));
    void this.#ask();
    if (this.at >= this.until) this.stop();
  }
  /** One question at a time; whoever moves on meanwhile is asked for last. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    this.later = null;
    try {
      for (let asked = NaN; asked !== this.at && !this.#gone; ) {
        asked = this.at;
        const answer = await get<Replay>(`/api/replay${query({ at_ms: asked, seat: this.#seat, holds: this.#holds })}`);
        this.#holds = answer.number;
        this.day.take(answer.frame);
        this.position = answer.position;
        this.fault = null;
      }
    } catch (error) {
      this.#broke(error);
    } finally {
      this.#asking = false;
    }
    if (!this.playing) this.#tellLater();
  }
  #broke(error: unknown): void {
    this.stop();
    if (error instanceof ApiFault && error.fault.code === "not-ready") this.empty = true;
    else this.fault = error;
  }
  #tellLater(): void {
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => {
      const asked = this.at;
      get<ReplayLater>(`/api/replay/later${query({ at_ms: asked })}`).then((found) => {
        if (asked === this.at && !this.playing) this.later = found;
      }, () => undefined);
    }, SETTLED_MS);
  }
}
