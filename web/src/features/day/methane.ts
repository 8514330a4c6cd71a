// What a report in the fixed order says, letter by letter, and what the next one may declare.
import type { DayTables, MethaneView, MethaneWish } from "../../api/types";
import { both, t, type Key } from "../../i18n/index.svelte";
import { integer } from "../../ui/format";

export interface Said { letter: string; head: Key; text: string }

/** What was declared ends by standing it down and not by silence. */
export function declarable(standing: string): string[] {
  const all: [string, string[]][] = [
    ["major", ["undeclared", "below", "standby", "major", "stood-down", "disputed"]],
    ["standby", ["undeclared", "below", "standby", "stood-down"]],
    ["none", ["undeclared", "below", "stood-down"]],
    ["stood-down", ["standby", "major", "disputed"]],
  ];
  return all.filter(([, from]) => from.includes(standing)).map(([declared]) => declared);
}

/** At least and at most; one figure where both are the same. */
export const range = ([low = 0, high = 0]: readonly number[]): string => (low === high ? integer(low) : `${integer(low)}–${integer(high)}`);

/** The word of a hazard or a service in the language of the screen. */
export function wordOf(words: DayTables["hazards"] | undefined, name: string): string {
  const found = words?.find((one) => one.name === name);
  return found ? both(found.title_en, found.title_ur) : name;
}

function position(latE7: number | null, lonE7: number | null): string {
  return latE7 === null || lonE7 === null ? "" : `${(latE7 / 1e7).toFixed(5)}, ${(lonE7 / 1e7).toFixed(5)}`;
}

export function lettersOf(report: MethaneView, tables: DayTables | null, title: (code: string) => string): Said[] {
  const joined = (parts: string[], otherwise: string): string => parts.filter(Boolean).join(" · ") || otherwise;
  const hazards = (names: string[]): string => names.map((name) => wordOf(tables?.hazards, name)).join(", ");
  const strengths = (all: MethaneView["present"]): string => all.map((one) => `${wordOf(tables?.services, one.service)} ${integer(one.number)}`).join(", ");
  const labelled = (label: Key, words: string): string => (words ? `${t(label)}: ${words}` : "");
  const unknown = t("methane.unknown");
  const toll = report.toll ? `${t("day.toll_line", { killed: range(report.toll.killed), hurt: range(report.toll.hurt) })} · ${t("day.toll_by", { source: report.toll.source })}` : unknown;
  return [
    { letter: "M", head: "methane.m", text: t(`methane.declare.${report.declared}` as Key) },
    { letter: "E", head: "methane.e", text: joined([report.place, position(report.lat_e7, report.lon_e7)], unknown) },
    { letter: "T", head: "methane.t", text: joined([`${title(report.code)} (${report.code})`, report.kind], unknown) },
    { letter: "H", head: "methane.h", text: joined([hazards(report.hazards), labelled("methane.suspected", hazards(report.suspected)), report.hazard_words], t("methane.none_seen")) },
    { letter: "A", head: "methane.a", text: joined([labelled("methane.way_in", report.way_in), labelled("methane.way_out", report.way_out), labelled("methane.meeting", report.meeting)], unknown) },
    { letter: "N", head: "methane.n", text: toll },
    {
      letter: "E", head: "methane.e2",
      text: `${t("methane.present")}: ${joined([strengths(report.present), report.units.join(", ")], t("methane.none"))} · ${t("methane.required")}: ${joined([strengths(report.required), report.required_words], t("methane.none"))}`,
    },
  ];
}

/** Numbers of a service as they are typed: none is no line. */
export function strengthsOf(typed: Record<string, number | null>): MethaneWish["present"] {
  return Object.entries(typed).flatMap(([service, number]) => (number && number > 0 ? [{ service, number }] : []));
}
/** A toll is four numbers and whose word they are; nothing typed is not known. */
export function tollOf(typed: (number | null)[]): number[] | null {
  if (typed.every((one) => one === null || one === undefined)) return null;
  const [killed, killedMax, hurt, hurtMax] = typed;
  const low = [killed ?? 0, hurt ?? 0];
  return [low[0] ?? 0, killedMax ?? low[0] ?? 0, low[1] ?? 0, hurtMax ?? low[1] ?? 0];
}
