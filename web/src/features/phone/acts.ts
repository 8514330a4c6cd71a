// What a phone says, as the acts' own bytes: crates/ops/src/{check_in,incident,order,custody}.rs. Pure.
import { blob, fields, list, NIL, text, uint } from "../../api/write";
import type { Bytes } from "./entry";

export const KIND = { checkIn: 1200, incident: 1300, offered: 1502, received: 1503, orderRead: 2001, orderActed: 2002 } as const;
const RUNG_IN_PERSON = 3;
const RURAL = 1;
const ON_SCENE = 0;
/** `C13` of the eighteen steps, by its number. */
export const stepNumber = (step: string): number => Number(step.slice(1));
export const stepName = (number: number): string => `C${String(number).padStart(2, "0")}`;

const event = (kind: number, ...items: (Bytes | null)[]): Bytes => list(uint(kind), fields(...items));
const station = (id: string): Bytes => list(uint(0), list(text(id)));

export interface CheckIn { station: string; code: number; atMs: number; trouble: boolean; counts: (number | null)[]; note: string }
export const checkIn = (it: CheckIn): Bytes => event(KIND.checkIn, list(list(
  station(it.station), uint(it.code), uint(it.atMs), uint(it.trouble ? 1 : 0),
  fields(...it.counts.map((count) => (count === null ? null : uint(count)))), uint(RUNG_IN_PERSON), text(it.note),
)));

export interface Report { id: string; kind: number; severity: number; atMs: number; station: string | null; text: string }
export const incident = (it: Report): Bytes => event(KIND.incident, list(
  text(it.id), uint(it.kind), uint(it.severity), uint(it.atMs),
  list(it.station ? station(it.station) : NIL, NIL, uint(RURAL), text("")), uint(ON_SCENE), text(it.text),
));

export interface At { device: Bytes; epoch: number; seq: number }
const at = (it: At): Bytes => list(blob(it.device), uint(it.epoch), uint(it.seq));
export const orderRead = (order: At): Bytes => event(KIND.orderRead, at(order));
export const orderActed = (order: At, note: string): Bytes => event(KIND.orderActed, at(order), text(note));

export interface Offer { step: number; items: string[]; to: string; atMs: number; place: string }
export const offered = (it: Offer): Bytes => event(KIND.offered, list(
  uint(it.step), list(...it.items.map(text)), text(it.to), uint(it.atMs), NIL, text(it.place), list(),
));
export interface Reading { item: string; seals: string[] }
export interface Receipt { offer: At; step: number; atMs: number; read: Reading[]; missing: string[]; clocksApartS: number; place: string }
export const received = (it: Receipt): Bytes => event(KIND.received, list(
  at(it.offer), uint(it.step), uint(it.atMs), list(...it.read.map((one) => list(text(one.item), list(...one.seals.map(text))))),
  list(...it.missing.map(text)), uint(it.clocksApartS), text(it.place), list(),
));
