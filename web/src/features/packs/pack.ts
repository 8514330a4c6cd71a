// What can be asked for of an area. Pure.
import { query } from "../../api/client";
import type { PackKind, PackList } from "../../api/types";

export const LANGUAGES = ["en", "ur"] as const;
type Language = (typeof LANGUAGES)[number];

/** The area that is printed: a district, or the sector of it that was typed as a number. */
export function wishOf(area: string, sector: string): string {
  const number = Number(sector);
  if (area.split("/").length !== 3 || !sector.trim() || !Number.isInteger(number) || number < 1) return area;
  return `${area}/s${String(number).padStart(2, "0")}`;
}

/** What belongs to an area; reserve orders only while a plan of reserves is in force. */
export function kindsOf(list: Pick<PackList, "kinds" | "has_reserves"> | null, area: string): PackKind[] {
  const depth = area.split("/").length;
  const kinds = list?.kinds.find((one) => one.depth === depth)?.kinds ?? [];
  return kinds.filter((kind) => kind !== "reserve" || list?.has_reserves);
}

/** Where documents are taken from. */
export function archive(area: string, part: string, language: Language): string {
  return `/api/packs/archive${query({ area, part, language })}`;
}
export function document(area: string, sheet: string, language: Language): string {
  return `/api/packs/document${query({ area, sheet, language })}`;
}

/** Bytes as megabytes with one decimal. */
export function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
