// Small inputs for tests.
import type { Points } from "../src/api/points.ts";

export interface Row { lat: number; lon: number; district: number; score: number; klass: number; flags?: number; kind?: number; shortfall?: number }

export function pointsOf(rows: Row[], districts = 3): Points {
  const of = (value: (row: Row) => number): number[] => rows.map(value);
  return {
    count: rows.length, districts, lat: Float64Array.from(of((row) => row.lat)), lon: Float64Array.from(of((row) => row.lon)),
    district: Uint16Array.from(of((row) => row.district)), score: Uint16Array.from(of((row) => row.score)), klass: Uint8Array.from(of((row) => row.klass)),
    flags: Uint8Array.from(of((row) => row.flags ?? 0)), kind: Uint8Array.from(of((row) => row.kind ?? 0)), shortfall: Uint8Array.from(of((row) => row.shortfall ?? 0)),
  };
}

/** The columnar file, written as the contract says. */
export function fileOf(points: Points, originLat = 300_000_000, originLon = 690_000_000): ArrayBuffer {
  const padded = (bytes: number): number => Math.ceil((points.count * bytes) / 4) * 4;
  const buffer = new ArrayBuffer(20 + padded(4) * 2 + padded(2) * 2 + padded(1) * 4);
  const view = new DataView(buffer);
  [..."PHP1"].forEach((letter, i) => view.setUint8(i, letter.charCodeAt(0)));
  view.setUint32(4, points.count, true);
  view.setUint32(8, points.districts, true);
  view.setInt32(12, originLat, true);
  view.setInt32(16, originLon, true);
  let at = 20;
  const column = (bytes: number, put: (place: number, i: number) => void): void => {
    for (let i = 0; i < points.count; i += 1) put(at + i * bytes, i);
    at += padded(bytes);
  };
  column(4, (place, i) => view.setInt32(place, Math.round((points.lat[i] ?? 0) * 1e7) - originLat, true));
  column(4, (place, i) => view.setInt32(place, Math.round((points.lon[i] ?? 0) * 1e7) - originLon, true));
  column(2, (place, i) => view.setUint16(place, points.district[i] ?? 0, true));
  column(2, (place, i) => view.setUint16(place, points.score[i] ?? 0, true));
  for (const bytes of [points.klass, points.flags, points.kind, points.shortfall]) column(1, (place, i) => view.setUint8(place, bytes[i] ?? 0));
  return buffer;
}

/** A seeded stream of numbers from 0 to 1. */
export function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
