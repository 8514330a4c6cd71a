// Figures and lines of the convoys' page. Pure.
import type { ConvoyNarrow, ConvoyRow, ConvoyView } from "../../api/types";

export type Way = "eve" | "night";
export interface Place { lat: number; lon: number }

const DAY_S = 86_400;
/** Kept in its order in a line of Urdu (Unicode UAX 9: a left-to-right isolate). */
const [LEFT_TO_RIGHT, END] = [0x2066, 0x2069].map((code) => String.fromCodePoint(code));
/** 97,200 s, 27 hours after midnight, is 03:00 on the next day: "03:00 +1". */
export function at(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const two = (n: number): string => String(n).padStart(2, "0");
  const later = Math.floor(seconds / DAY_S);
  return `${LEFT_TO_RIGHT}${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}${later > 0 ? ` +${later}` : ""}${END}`;
}
/** Whole minutes, a begun one counted. */
export function minutes(seconds: number): number {
  return Math.ceil(seconds / 60);
}
export function hours(seconds: number): number {
  return Math.round(seconds / 3600);
}
/** Kilometres on the great circle. */
export function kilometres(a: Place, b: Place): number {
  const rad = Math.PI / 180;
  const [dLat, dLon] = [(b.lat - a.lat) * rad, (b.lon - a.lon) * rad];
  const half = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** Where a convoy is when: seconds, and kilometres from the office. Buildings that are not known are left out. */
export function track(convoy: ConvoyView, office: Place): [number, number][] {
  const fixes: [number, number][] = [[convoy.depart_s, 0]];
  for (const call of convoy.calls) {
    if (call.lat === null || call.lat === undefined || call.lon === null || call.lon === undefined) continue;
    const away = kilometres(office, { lat: call.lat, lon: call.lon });
    fixes.push([call.arrive_s, away], [call.leave_s, away]);
  }
  fixes.push([convoy.home_s, 0]);
  return fixes;
}
/** The ways of a convoy on the map, from the office and back to it. */
export function path(convoy: ConvoyView, office: Place): Place[] {
  const stops = convoy.calls.flatMap((call): Place[] => (typeof call.lat === "number" && typeof call.lon === "number" ? [{ lat: call.lat, lon: call.lon }] : []));
  return [office, ...stops, office];
}

export interface Frame { x: (lon: number) => number; y: (lat: number) => number }
/** Fits places into a box, a degree of longitude as narrow as it is there. */
export function frame(places: readonly Place[], width: number, height: number, margin: number): Frame {
  const lats = places.map((one) => one.lat);
  const lons = places.map((one) => one.lon);
  const [south, north, west, east] = [Math.min(...lats), Math.max(...lats), Math.min(...lons), Math.max(...lons)];
  const narrow = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const scale = Math.min((width - 2 * margin) / Math.max((east - west) * narrow, 1e-4), (height - 2 * margin) / Math.max(north - south, 1e-4));
  const [midLat, midLon] = [(south + north) / 2, (west + east) / 2];
  return { x: (lon) => width / 2 + (lon - midLon) * narrow * scale, y: (lat) => height / 2 - (lat - midLat) * scale };
}
/** Whole hours between two times, at most about nine of them. */
export function hourMarks(fromS: number, untilS: number): number[] {
  const step = [1, 2, 3, 6, 12].find((one) => (untilS - fromS) / 3600 / one <= 9) ?? 24;
  const marks: number[] = [];
  for (let hour = Math.ceil(fromS / 3600 / step) * step; hour * 3600 <= untilS; hour += step) marks.push(hour * 3600);
  return marks;
}

/** Rows that were planned since, over those that were there before. */
export function withRows(rows: readonly ConvoyRow[], newer: readonly ConvoyRow[]): ConvoyRow[] {
  const names = new Set(newer.map((row) => row.seat));
  return [...rows.filter((row) => !names.has(row.seat)), ...newer];
}
export interface Sums { plans: number; unbound: number; medianPermille: number | null }
/** Over both directions of all rows. */
export function sums(rows: readonly ConvoyRow[]): Sums {
  const gaps = rows.flatMap((row) => [row.eve.gap_permille, row.night.gap_permille]);
  const known = gaps.filter((gap): gap is number => typeof gap === "number").sort((a, b) => a - b);
  return { plans: gaps.length, unbound: gaps.length - known.length, medianPermille: known[Math.floor(known.length / 2)] ?? null };
}
export function troubled(row: ConvoyRow): number {
  return row.eve.findings + row.night.findings + row.eve.double_booked + row.night.double_booked;
}

/** Narrow places from lines of "name, latitude, longitude, metres"; the number of the first line that is none. */
export function readNarrows(text: string): ConvoyNarrow[] | number {
  const found: ConvoyNarrow[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const parts = line.split(",").map((part) => part.trim());
    const [lat, lon, radius] = parts.slice(-3).map((part) => (part === "" ? NaN : Number(part)));
    const name = parts.slice(0, -3).join(", ");
    const fits = lat !== undefined && lon !== undefined && radius !== undefined && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && Number.isInteger(radius) && radius >= 1 && radius <= 50_000;
    if (parts.length < 4 || name === "" || !fits) return index + 1;
    found.push({ name, lat, lon, radius_m: radius });
  }
  return found;
}
export function writeNarrows(narrows: readonly ConvoyNarrow[]): string {
  return narrows.map((one) => `${one.name}, ${one.lat}, ${one.lon}, ${one.radius_m}`).join("\n");
}
