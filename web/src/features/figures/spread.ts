// How far apart published figures lie. Pure.
import type { FigureGroup } from "../../api/types";

export interface Spread { min: number; max: number; /** Of the largest, with one decimal. */ percent: string }

/** Null unless two numbers differ. */
export function spreadOf(group: FigureGroup): Spread | null {
  const numbers = group.values.map((value) => value.number).filter((number): number is number => typeof number === "number" && Number.isFinite(number));
  if (numbers.length < 2) return null;
  const min = Math.min(...numbers);
  const max = Math.max(...numbers);
  return max === min || max <= 0 ? null : { min, max, percent: (((max - min) / max) * 100).toFixed(1) };
}
/** `stations_total` as "Stations total". */
export function measureName(measure: string): string {
  const words = measure.replace(/[_.]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
