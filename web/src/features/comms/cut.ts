// What is asked of the plan of communications, and how its hours are drawn. Pure.
import type { CommsHour } from "../../api/types";

export const SERVICES = ["voice", "sms", "data", "broadband"] as const;
export type Service = (typeof SERVICES)[number];
export interface Cut { from: string; hours: number; services: Service[]; notice: string; terminals: number }

export const DEFAULT_CUT: Cut = { from: "05:00", hours: 24, services: [...SERVICES], notice: "unknown", terminals: 100 };

/** The cut as the address keeps it, and back; what cannot be read is the default. */
export function readCut(kept: Record<string, string>): Cut {
  const services = (kept.services ?? "").split(",").filter((word): word is Service => (SERVICES as readonly string[]).includes(word));
  const number = (text: string | undefined, otherwise: number, least: number, most: number): number => {
    const value = Number(text);
    return text && Number.isInteger(value) && value >= least && value <= most ? value : otherwise;
  };
  return {
    from: /^([01]\d|2[0-3]):[0-5]\d$/.test(kept.from ?? "") ? (kept.from ?? "") : DEFAULT_CUT.from,
    hours: number(kept.hours, DEFAULT_CUT.hours, 1, 720),
    services: services.length > 0 ? services : [...SERVICES],
    notice: ["announced", "feared", "unknown"].includes(kept.notice ?? "") ? (kept.notice ?? "") : DEFAULT_CUT.notice,
    terminals: number(kept.terminals, DEFAULT_CUT.terminals, 0, 5000),
  };
}
export function asked(cut: Cut): Record<string, string> {
  return { from: cut.from, hours: String(cut.hours), services: cut.services.join(","), notice: cut.notice, terminals: String(cut.terminals) };
}

/** Minutes from midnight of the polling day as people say it: `05:00`, `D-1 21:00`, `D+1 05:00`. */
export function clockOf(minute: number): string {
  const day = Math.floor(minute / 1440);
  const rest = minute - day * 1440;
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${day === 0 ? "" : `D${day > 0 ? "+" : "−"}${Math.abs(day)} `}${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
}

/** Seconds as a person reads them: 45 s, 12 min, 3 h 20. */
export function spanOf(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

export interface Bar { minute: number; parts: number[]; dark: number }
/** Shares of stations by rungs that are left: none, one, two, three or more. */
export function bars(hours: readonly CommsHour[]): Bar[] {
  return hours.map((hour) => {
    const all = Math.max(1, hour.by_rungs.reduce((sum, n) => sum + n, 0));
    return { minute: hour.minute, parts: hour.by_rungs.map((n) => n / all), dark: hour.by_rungs[0] ?? 0 };
  });
}
