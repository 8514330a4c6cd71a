// One filter for the map, the tables and the chart. Pure: the screen only shows what these functions say.
import type { Points } from "../../api/points";
import type { AreaAssessment, District, RiskClass } from "../../api/types";

export interface Filter {
  province: string;
  district: string;
  klass: RiskClass | "";
  /** Inclusive bounds in whole points, 0 to 100. */
  scoreFrom: number;
  scoreTo: number;
}
export const OPEN: Filter = { province: "", district: "", klass: "", scoreFrom: 0, scoreTo: 100 };
const CODE: Record<RiskClass, number> = { normal: 0, sensitive: 1, most: 2 };

export type FilterAct =
  | { act: "province"; province: string }
  | { act: "district"; district: string }
  | { act: "class"; klass: RiskClass }
  | { act: "score"; from: number; to: number }
  | { act: "clear" };

/** Choosing a class again, or a district again, lets go of it. A new province lets go of the district. */
export function filtered(filter: Filter, act: FilterAct): Filter {
  switch (act.act) {
    case "province":
      return { ...filter, province: act.province, district: "" };
    case "district":
      return { ...filter, district: filter.district === act.district ? "" : act.district };
    case "class":
      return { ...filter, klass: filter.klass === act.klass ? "" : act.klass };
    case "score": {
      const from = Math.max(0, Math.min(act.from, act.to));
      const to = Math.min(100, Math.max(act.from, act.to));
      return from === to ? { ...filter, scoreFrom: 0, scoreTo: 100 } : { ...filter, scoreFrom: from, scoreTo: to };
    }
    case "clear":
      return OPEN;
  }
}
export function isOpen(filter: Filter): boolean {
  return filter.province === "" && filter.district === "" && filter.klass === "" && !hasBrush(filter);
}
export function hasBrush(filter: Filter): boolean {
  return filter.scoreFrom > 0 || filter.scoreTo < 100;
}

/** 1 for every station that passes, null when all do. `withBrush` false leaves the score's bounds out. */
export function maskOf(points: Points, districts: readonly District[], filter: Filter, withBrush = true): Uint8Array | null {
  const brush = withBrush && hasBrush(filter);
  if (filter.province === "" && filter.district === "" && filter.klass === "" && !brush) return null;
  const allowed = new Uint8Array(Math.max(points.districts, districts.length) + 1);
  for (const district of districts) {
    const fits = (filter.province === "" || district.province === filter.province) && (filter.district === "" || district.area === filter.district);
    allowed[district.index] = fits ? 1 : 0;
  }
  const klass = filter.klass === "" ? -1 : CODE[filter.klass];
  const mask = new Uint8Array(points.count);
  for (let i = 0; i < points.count; i += 1) {
    if (!allowed[points.district[i] ?? 0]) continue;
    if (klass >= 0 && points.klass[i] !== klass) continue;
    if (brush && !within(points.score[i] ?? 0, filter)) continue;
    mask[i] = 1;
  }
  return mask;
}
function within(centi: number, filter: Filter): boolean {
  return centi >= filter.scoreFrom * 100 && (centi < filter.scoreTo * 100 || filter.scoreTo === 100);
}

export interface Sums { stations: number; classes: [number, number, number]; /** Stations per point of the score, by class. */ bins: [Uint32Array, Uint32Array, Uint32Array] }
export const BINS = 50;

export function sums(points: Points, mask: Uint8Array | null): Sums {
  const bins: Sums["bins"] = [new Uint32Array(BINS), new Uint32Array(BINS), new Uint32Array(BINS)];
  const classes: Sums["classes"] = [0, 0, 0];
  let stations = 0;
  for (let i = 0; i < points.count; i += 1) {
    if (mask && !mask[i]) continue;
    const klass = Math.min(2, points.klass[i] ?? 0) as 0 | 1 | 2;
    const bin = Math.min(BINS - 1, Math.floor(((points.score[i] ?? 0) / 10_000) * BINS));
    bins[klass][bin] = (bins[klass][bin] ?? 0) + 1;
    classes[klass] += 1;
    stations += 1;
  }
  return { stations, classes, bins };
}

/** In a list sorted by falling score: where the brushed part begins and ends. */
export function brushWindow(points: Points, maskWithoutBrush: Uint8Array | null, filter: Filter): { from: number; upTo: number } {
  let above = 0;
  let inside = 0;
  for (let i = 0; i < points.count; i += 1) {
    if (maskWithoutBrush && !maskWithoutBrush[i]) continue;
    const centi = points.score[i] ?? 0;
    if (within(centi, filter)) inside += 1;
    else if (centi >= filter.scoreTo * 100) above += 1;
  }
  return { from: above, upTo: above + inside };
}

export function districtValue(row: AreaAssessment, key: string): number | string {
  switch (key) {
    case "name":
      return row.name;
    case "most":
      return row.stations === 0 ? 0 : row.most / row.stations;
    case "mean":
      return row.mean_centi;
    case "disagreements":
      return row.disagreements;
    case "completeness":
      return row.completeness_pct;
    default:
      return row.stations;
  }
}

/** In hundredths; null when nothing passes the mask. */
export function meanScore(points: Points, mask: Uint8Array | null): number | null {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < points.count; i += 1) {
    if (mask && !mask[i]) continue;
    sum += points.score[i] ?? 0;
    count += 1;
  }
  return count === 0 ? null : sum / count;
}
