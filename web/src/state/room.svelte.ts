// What every screen shares: who is signed in, what the node holds, which jobs run, and the live stream.
import { ApiFault, call, get, send, setCsrf, signWith, whenSignedOut } from "../api/client";
import { ownKey, signParts, type OwnKey, type ToSign } from "../api/key";
import { openLive, type Delta, type LiveState } from "../api/live";
import { readPoints, type Points } from "../api/points";
import type { District, DrillView, Job, NodeState, Parameter, Session, Setup } from "../api/types";
import { setTheme, themeNow, type Theme } from "../ui/theme";
import { running, withJob } from "./jobs";
import { readRoute, writeRoute, type Route, type Screen } from "./route";

const LEFT = "pehra-left";
/** Whoever signed out stays out, in this tab, until they sign in themselves. */
function hasLeft(): boolean {
  try {
    return sessionStorage.getItem(LEFT) === "yes";
  } catch {
    return false;
  }
}
function keepLeft(left: boolean): void {
  try {
    sessionStorage.setItem(LEFT, left ? "yes" : "no");
  } catch {
    // a browser that keeps nothing lets the demo's visitor in again after a reload
  }
}

class Room {
  setup = $state.raw<Setup | null>(null);
  session = $state.raw<Session | null>(null);
  node = $state.raw<NodeState | null>(null);
  jobs = $state.raw<Job[]>([]);
  live = $state<LiveState>("connecting");
  lastHeardMs = $state(0);
  /** The node's clock, ticking with the browser's. */
  nowMs = $state(Date.now());
  route = $state.raw<Route>(readRoute(location.hash));
  theme = $state<Theme>(themeNow());
  points = $state.raw<Points | null>(null);
  districts = $state.raw<District[]>([]);
  /** Grows with each change of its kind; screens that show it refetch. */
  turn = $state({ node: 0, assessment: 0, plan: 0, lock: 0, parameter: 0, dataset: 0, conflict: 0, survey: 0, carrier: 0, order: 0, alert: 0, custody: 0, intelligence: 0, deletion: 0, draw: 0, convoy: 0, pack: 0, patrol: 0, equipment: 0, readiness: 0, training: 0, campaign: 0, community: 0, finding: 0, dispatch: 0, drill: 0 });
  fault = $state.raw<ApiFault | null>(null);
  /** The own key that this browser holds, and acts that wait for it. */
  key = $state.raw<OwnKey | null>(null);
  unsigned = $state.raw<ToSign[]>([]);
  /** Where the classes begin; signed parameters may move them. */
  thresholds = $state.raw({ sensitive: 32, most: 50 });
  /** The exercise's clock as it was last told, and when by this browser's. */
  drill = $state.raw<{ phase: string; nowMs: number; pace: number; full: boolean; heard: number } | null>(null);
  #skewMs = 0;
  #close: (() => void) | null = null;
  #etag = "";
  #pointsWanted = false;

  start(): void {
    setInterval(() => (this.nowMs = Date.now() + this.#skewMs), 1000);
    addEventListener("hashchange", () => this.#follow());
    whenSignedOut(() => this.#signedOut());
    void this.refresh();
  }

  async refresh(): Promise<void> {
    try {
      this.setup = await get<Setup>("/api/setup");
      this.#enter(await this.#whoIsHere(this.setup));
      this.fault = null;
    } catch (error) {
      if (error instanceof ApiFault && error.status === 401) this.session = null;
      else if (error instanceof ApiFault) {
        this.fault = error;
        setTimeout(() => void this.refresh(), 2000);
      } else throw error;
    }
  }

  /** A demo lets its visitor in at once, so that the making of the nation is seen from its first second. */
  async #whoIsHere(setup: Setup): Promise<Session> {
    try {
      return await get<Session>("/api/session");
    } catch (error) {
      const isSignedOut = error instanceof ApiFault && error.status === 401;
      if (!isSignedOut || !setup.demo || hasLeft()) throw error;
      return send<Session>("POST", "/api/session/demo");
    }
  }

  #enter(session: Session): void {
    this.session = session;
    setCsrf(session.csrf);
    this.fault = null;
    this.#close?.();
    this.#close = openLive({
      delta: (delta) => this.#heard(delta),
      reset: () => void this.refetch(),
      state: (state) => {
        this.live = state;
        if (state === "open") this.lastHeardMs = Date.now();
      },
    });
    void this.refetch();
  }
  entered(session: Session): void {
    keepLeft(false);
    this.#enter(session);
  }
  #signedOut(): void {
    this.session = null;
    this.key = null;
    this.unsigned = [];
    signWith(() => Promise.resolve(null), "");
    this.#close?.();
    this.#close = null;
  }
  /** Takes the own key of this browser in hand; also after it was made or forgotten. */
  async takeKey(): Promise<void> {
    const person = this.session?.person;
    if (!person) return;
    const key = await ownKey(this.election, person);
    this.key = key;
    signWith(async (wanted) => (key && wanted.key === key.id ? signParts(key, person, wanted) : null), key?.id ?? "");
    await this.#fetchUnsigned();
  }
  get election(): string {
    return this.node?.election?.id ?? "";
  }
  /** Long work waits for its signature by itself; nothing is signed here without a click. */
  async #fetchUnsigned(): Promise<void> {
    const key = this.key;
    this.unsigned = key ? (await get<ToSign[]>("/api/drafts").catch(() => [])).filter((one) => one.key === key.id) : [];
  }
  async signWaiting(wanted: ToSign): Promise<void> {
    const [key, person] = [this.key, this.session?.person];
    if (!key || !person) return;
    await send("POST", `/api/drafts/${wanted.draft}`, { signatures: await signParts(key, person, wanted) });
    await this.#fetchUnsigned();
  }
  #tellDrill(told: { phase: string; now_ms: number; pace: number; full: boolean }): void {
    this.drill = { phase: told.phase, nowMs: told.now_ms, pace: told.pace, full: told.full, heard: Date.now() };
    this.turn.drill += 1;
  }
  async #fetchDrill(): Promise<void> {
    if (!this.node?.exercise) return;
    const status = (await get<DrillView>("/api/drill")).status;
    if (status) this.#tellDrill(status);
    else this.drill = null;
  }
  /** The time of the day that the room lives: the exercise's, or the node's. */
  get dayMs(): number {
    const drill = this.drill;
    if (!drill) return this.nowMs;
    void this.nowMs;
    const passed = Math.min(5000, Math.max(0, Date.now() - drill.heard));
    return drill.nowMs + (drill.phase === "running" && !drill.full ? passed * drill.pace : 0);
  }
  async signOut(): Promise<void> {
    await send("DELETE", "/api/session").catch(() => undefined);
    keepLeft(true);
    this.#signedOut();
  }

  async #fetchNode(): Promise<void> {
    const node = await get<NodeState>("/api/node");
    this.#skewMs = node.now_ms - Date.now();
    this.nowMs = node.now_ms;
    this.node = node;
  }
  async #fetchThresholds(): Promise<void> {
    const rows = await get<Parameter[]>("/api/parameters");
    const of = (key: string, usual: number): number => rows.find((row) => row.key === `risk.threshold.${key}`)?.value ?? usual;
    this.thresholds = { sensitive: of("sensitive", 32), most: of("most", 50) };
  }
  /** After a reset or at the start: everything small anew, the points only if their hash changed. */
  async refetch(): Promise<void> {
    await Promise.all([
      this.#fetchNode().then(() => Promise.all([this.takeKey(), this.#fetchDrill().catch(() => undefined)])).catch(() => undefined),
      this.#fetchThresholds().catch(() => undefined),
      get<Job[]>("/api/jobs").then((jobs) => (this.jobs = jobs.reduce<Job[]>(withJob, [])), () => undefined),
    ]);
    for (const key of ["node", "assessment", "plan", "lock", "parameter", "dataset", "conflict", "survey", "carrier", "order", "alert", "custody", "intelligence", "deletion", "draw", "convoy", "pack", "patrol", "equipment", "dispatch", "readiness", "training", "campaign", "community", "finding"] as const) this.turn[key] += 1;
    if (this.#pointsWanted) await this.loadPoints();
  }

  #heard(delta: Delta): void {
    this.lastHeardMs = Date.now();
    switch (delta.topic) {
      case "job":
        this.jobs = withJob(this.jobs, delta["job"] as Job);
        return;
      case "assessment":
      case "plan":
      case "lock":
      case "parameter":
      case "dataset":
      case "conflict":
        this.turn[delta.topic] += 1;
        // A changed parameter counts from the next assessment on.
        if (delta.topic === "assessment") void this.#fetchThresholds().catch(() => undefined);
        if (delta.topic !== "lock") void this.#fetchNode().catch(() => undefined);
        if (this.#pointsWanted && delta.topic !== "lock" && delta.topic !== "conflict") this.#soonPoints();
        return;
      case "survey":
        this.turn.survey += 1;
        void this.#fetchNode().catch(() => undefined);
        return;
      case "carrier":
      case "order":
      case "alert":
      case "custody":
      case "deletion":
      case "convoy":
      case "pack":
      case "draw":
      case "patrol":
      case "equipment":
      case "dispatch":
      case "intelligence":
      case "readiness":
      case "campaign":
      case "community":
      case "finding":
      case "training":
        this.turn[delta.topic] += 1;
        return;
      case "warning":
        this.turn.intelligence += 1;
        return;
      case "drill":
        this.#tellDrill(delta as unknown as { phase: string; now_ms: number; pace: number; full: boolean });
        return;
      case "sign":
        if (delta["person"] === this.session?.person) void this.#fetchUnsigned();
        return;
      case "node":
        this.turn.node += 1;
        void this.#fetchNode().catch(() => undefined);
        if (this.#pointsWanted) this.#soonPoints();
        return;
      default:
        return;
    }
  }
  #pointsTimer: ReturnType<typeof setTimeout> | undefined;
  #soonPoints(): void {
    clearTimeout(this.#pointsTimer);
    this.#pointsTimer = setTimeout(() => void this.loadPoints(), 300);
  }

  async loadPoints(): Promise<void> {
    this.#pointsWanted = true;
    if (!this.session) return;
    try {
      const headers: Record<string, string> = { accept: "application/octet-stream" };
      if (this.#etag && this.points) headers["if-none-match"] = this.#etag;
      const response = await call("GET", "/api/map/points", null, headers);
      const etag = response.headers.get("etag") ?? "";
      if (response.status === 304 || (etag !== "" && etag === this.#etag && this.points)) return;
      const [buffer, districts] = await Promise.all([response.arrayBuffer(), get<District[]>("/api/map/districts")]);
      this.#etag = etag;
      this.districts = districts;
      this.points = readPoints(buffer);
    } catch (error) {
      // Before the first import there are no points: the screens say so themselves.
      if (!(error instanceof ApiFault)) throw error;
    }
  }

  get busy(): Job[] {
    return running(this.jobs);
  }
  may(permission: string): boolean {
    const held = this.session?.permissions ?? [];
    return held.includes("*") || held.includes(permission);
  }
  go(screen: Screen, more: Record<string, string> = {}): void {
    location.hash = writeRoute({ screen, with: more });
    // The browser tells of it later, and whoever asks in between must not be led back.
    this.#follow();
  }
  #follow(): void {
    const next = readRoute(location.hash);
    if (writeRoute(next) !== writeRoute(this.route)) this.route = next;
  }
  /** Changes the address's state without a new step in the history. */
  hold(more: Record<string, string>): void {
    const next = { screen: this.route.screen, with: { ...this.route.with, ...more } };
    history.replaceState(null, "", writeRoute(next));
    this.route = readRoute(location.hash);
  }
  setTheme(theme: Theme): void {
    this.theme = theme;
    setTheme(theme);
  }
}

export const room = new Room();
