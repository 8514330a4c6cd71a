// What waits for whoever looks, how a sum is told, what is typed as a place. Pure.
import type { Desk, Matter, MatterReason, Near, Tip, Warnings, WatchedArea } from "../../api/types";
import type { Sketch } from "../../map/types";
import { ZONE_MS } from "../../ui/date";

export const SERVICES = ["police", "special-branch", "counter-terrorism", "intelligence-bureau", "inter-services", "civil-armed-forces", "army", "counter-terrorism-authority", "civil-administration", "commission"] as const;
export const SOURCES = ["human", "technical", "open", "official", "public", "liaison"] as const;
export const TARGETS = ["station", "convoy", "route", "office", "store", "gathering", "polling-staff", "forces", "communications", "area"] as const;
export const THREATS = ["armed-attack", "explosive", "roadside-device", "suicide-attack", "grenade", "capture", "abduction", "arson", "unrest", "intimidation", "sabotage"] as const;
export const HORIZONS = ["imminent", "planning", "capability"] as const;
export const HANDLINGS = ["P", "C"] as const;
export const CAVEATS = ["not-for-action", "ask-originator", "no-foreign", "no-copy", "source-at-risk"] as const;
export const COMPARTMENTS = ["OPEN", "LEA", "CTD", "SOURCE", "CAND", "GENDER"] as const;
export const RELIABLE = ["A", "B", "C", "D", "E", "F"] as const;
export const LIKELY = ["1", "2", "3", "4", "5", "6"] as const;
export const FEEDBACK = ["used", "useful", "wrong", "late"] as const;
export const OUTCOMES = ["answered", "nothing-known", "dropped"] as const;
export const MEASURES = ["harden", "reroute", "delay", "reinforce"] as const;

export type WaitKind = "confirm" | "order" | "release" | "sanitise" | "grade" | "sign" | "answer" | "notice";
/** One thing that waits for whoever looks. */
export interface Wait { key: string; kind: WaitKind; area: string; threat: string; about: string; byMs: number; tab: "reports" | "sums" | "warnings" | "watches" | "tasks"; open: string }

/** The one whose time runs out first at the head. What only wants to be looked at comes last. */
export function waitsOf(desk: Desk | null, warnings: Warnings | null): Wait[] {
  const found: Wait[] = [];
  for (const one of warnings?.warnings ?? []) {
    const own = one.measures.filter((measure) => measure.own);
    for (const measure of own) found.push({ key: measure.order, kind: "confirm", area: one.area, threat: one.threat, about: measure.text, byMs: measure.confirm_by_ms, tab: "warnings", open: one.id });
    if (one.may_order && one.standing === "unanswered") found.push({ key: one.id, kind: "order", area: one.area, threat: one.threat, about: one.text, byMs: one.from_ms, tab: "warnings", open: one.id });
  }
  for (const one of desk?.reports ?? []) {
    if (one.waits) found.push({ key: one.id, kind: one.waits as WaitKind, area: one.area, threat: one.threat, about: one.sanitised ?? "", byMs: one.from_ms, tab: "reports", open: one.id });
  }
  for (const one of desk?.matters ?? []) {
    // What no report makes likelier needs nobody's name.
    if (one.may_sign && one.level > 0 && (!one.signed || one.signed.outdated)) found.push({ key: `sum ${one.reports[0]}`, kind: "sign", area: one.area, threat: one.threat, about: "", byMs: windowOf(desk, one), tab: "sums", open: one.reports[0] ?? "" });
  }
  for (const one of desk?.tasks ?? []) {
    if (one.may_answer && one.answers === 0) found.push({ key: one.id, kind: "answer", area: one.area, threat: "", about: one.question, byMs: one.answer_by_ms, tab: "tasks", open: one.id });
  }
  for (const one of desk?.hands ?? []) {
    if (one.up) found.push({ key: `${one.watch} ${one.what}`, kind: "notice", area: one.area, threat: one.threat ?? "", about: one.watch, byMs: Number.MAX_SAFE_INTEGER, tab: "watches", open: one.what });
  }
  return found.sort((a, b) => a.byMs - b.byMs || a.key.localeCompare(b.key));
}
function windowOf(desk: Desk | null, matter: Matter): number {
  const froms = (desk?.reports ?? []).filter((one) => matter.reports.includes(one.id)).map((one) => one.from_ms);
  return Math.min(...froms, Number.MAX_SAFE_INTEGER);
}

/** What one root says: the report that counts, and those that repeat it. */
export interface RootPart { root: number; names: string[]; counts: MatterReason | null; echoes: MatterReason[]; milli: number }
export function partsOf(matter: Matter, reports: readonly Tip[]): RootPart[] {
  const parts = new Map<number, RootPart>();
  const named = new Map(reports.map((one) => [one.id, one.roots]));
  for (const reason of matter.reasons) {
    const part = parts.get(reason.root) ?? { root: reason.root, names: [], counts: null, echoes: [], milli: 0 };
    for (const name of named.get(reason.report) ?? []) if (!part.names.includes(name)) part.names.push(name);
    if (reason.part === "echo") part.echoes.push(reason);
    else if (!part.counts) {
      part.counts = reason;
      part.milli = reason.part === "no-weight" ? 0 : reason.weight_milli;
    } else part.echoes.push(reason);
    parts.set(reason.root, part);
  }
  return [...parts.values()].sort((a, b) => Math.abs(b.milli) - Math.abs(a.milli) || a.root - b.root);
}
/** Ten-thousandths as thousandths of log-odds. */
export function logOdds(e4: number): number {
  const share = Math.min(9999, Math.max(1, e4)) / 10_000;
  return Math.round(Math.log(share / (1 - share)) * 1000);
}
/** Thousandths with their sign: +0.970. */
export function milli(value: number): string {
  return `${value < 0 ? "−" : "+"}${(Math.abs(value) / 1000).toFixed(2)}`;
}
export const percentOf = (e4: number): string => `${(e4 / 100).toFixed(e4 < 1000 ? 2 : 1)} %`;

/** A choice of several with one more, or with one less. */
export const toggled = (all: readonly string[], one: string): string[] => (all.includes(one) ? all.filter((other) => other !== one) : [...all, one]);

/** Points as they are typed: `30.2, 67.0; 30.21, 67.02`. Null where they are no points. */
export function readPoints(text: string): [number, number][] | null {
  const parts = text.split(/[;؛\n]+/u).map((part) => part.trim()).filter((part) => part !== "");
  const points: [number, number][] = [];
  for (const part of parts) {
    const found = /^(-?\d{1,2}(?:\.\d+)?)\s*[,،\s]\s*(-?\d{1,3}(?:\.\d+)?)$/u.exec(part);
    if (!found) return null;
    const [lat, lon] = [Number(found[1]), Number(found[2])];
    if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return null;
    points.push([Math.round(lat * 1e7), Math.round(lon * 1e7)]);
  }
  return points;
}
export const writePoints = (points: readonly (readonly number[])[]): string => points.map(([lat, lon]) => `${((lat ?? 0) / 1e7).toFixed(4)}, ${((lon ?? 0) / 1e7).toFixed(4)}`).join("; ");

const degrees = (points: readonly (readonly number[])[]): [number, number][] => points.map(([lat, lon]) => [(lat ?? 0) / 1e7, (lon ?? 0) / 1e7]);
/** What is drawn of a report and its neighbours. */
export function sketchesOf(near: Near, watches: readonly WatchedArea[], own: string): Sketch[] {
  const drawn: Sketch[] = [];
  for (const watch of watches) {
    if (watch.points.length > 0 && near.watches.includes(watch.name)) drawn.push({ tone: "watch", points: degrees(watch.points), radiusM: watch.radius_m, ring: watch.shape === "polygon", label: watch.name });
  }
  for (const one of near.places) drawn.push({ tone: "place", points: degrees(one.points), radiusM: 0, ring: false, label: one.name || one.id });
  for (const one of near.convoys) drawn.push({ tone: "convoy", points: degrees(one.points), radiusM: 0, ring: false, label: one.vehicle });
  for (const one of near.stations) drawn.push({ tone: "station", points: degrees([one.point]), radiusM: 0, ring: false, label: one.station });
  for (const one of near.incidents) drawn.push({ tone: "incident", points: degrees([one.point]), radiusM: 0, ring: false, label: one.code });
  if (near.points.length > 0) drawn.push({ tone: "report", points: degrees(near.points), radiusM: near.radius_m, ring: false, label: own });
  return drawn;
}

/** A moment as the browser's field for it writes it, and back. */
export const localOf = (ms: number): string => new Date(ms + ZONE_MS).toISOString().slice(0, 16);
export const msOf = (local: string): number => Date.parse(`${local}:00Z`) - ZONE_MS;
