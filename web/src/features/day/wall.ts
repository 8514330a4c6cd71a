// What a wall says of the whole and of one district after the other. Pure.
import type { AreaView, Counts, IncidentView } from "../../api/types";
import type { Key } from "../../i18n/en";
import { isOpen } from "./queue";

export interface Part { word: Key; n: number; sign: string; tone: string }
export interface Turn { area: string; parts: Part[]; incidents: number }

const of = (counts: Counts, stages: number[]): number => counts.stages.reduce((sum, row) => sum + stages.reduce((all, stage) => all + (row[stage] ?? 0), 0), 0);

/** The ladder in four words, as the counters of the page Run have it. */
export function sums(counts: Counts): Part[] {
  return [
    { word: "ladder.heard", n: of(counts, [0, 1, 2]), sign: "●", tone: "" },
    { word: "ladder.late", n: of(counts, [3]), sign: "◆", tone: "amber" },
    { word: "ladder.red", n: of(counts, [4, 5]), sign: "▲", tone: "red" },
    { word: "ladder.dark", n: of(counts, [6]), sign: "■", tone: "dark" },
    { word: "ladder.opened", n: counts.opened, sign: "", tone: "" },
    { word: "ladder.closed", n: counts.closed, sign: "", tone: "" },
  ];
}

/** Districts in which something is wrong, the worst first; those where all is well do not take a turn. */
export function inTurn(areas: Iterable<AreaView>, incidents: Iterable<IncidentView>, areaOf: (index: number) => string): Turn[] {
  const open = new Map<string, number>();
  for (const one of incidents) if (isOpen(one)) open.set(one.area, (open.get(one.area) ?? 0) + 1);
  const turns: Turn[] = [];
  for (const one of areas) {
    const area = areaOf(one.index);
    if (!area) continue;
    const parts = sums(one.counts).slice(1, 4).filter((part) => part.n > 0);
    const count = open.get(area) ?? 0;
    if (parts.length || count) turns.push({ area, parts, incidents: count });
  }
  const bad = (turn: Turn, word: Key): number => turn.parts.find((part) => part.word === word)?.n ?? 0;
  return turns.sort((a, b) => b.incidents - a.incidents || bad(b, "ladder.dark") - bad(a, "ladder.dark") || bad(b, "ladder.red") - bad(a, "ladder.red") || (a.area < b.area ? -1 : 1));
}
