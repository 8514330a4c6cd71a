// Rotas of volunteers: numbers, hours and seats. Pure.
import { numbersOf } from "../../ui/numbers";

export interface Shift { from: number; until: number; place: string; numbers: string }
export interface Seats { duty: string; seats: number }
export interface Short { duty: string; from: number; until: number; standing: number; seats: number }
/** Duty by the number of who passed. */
export type Passed = ReadonlyMap<string, string>;

/** Minutes after midnight as an hour and minute. */
export function clock(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
/** Minutes after midnight; -1 for what is no time of a day. `24:00` ends a day. */
export function minutesOf(text: string): number {
  const found = /^([01]?\d|2[0-4]):([0-5]\d)$/.exec(text.trim());
  const all = found ? Number(found[1]) * 60 + Number(found[2]) : -1;
  return all <= 1440 ? all : -1;
}
const meets = (one: Shift, other: Shift): boolean => one.from < other.until && other.from < one.until;

/** Numbers that stand on two shifts of the same minute. */
export function twiceAtOnce(shifts: readonly Shift[]): string[] {
  const found = new Set<string>();
  shifts.forEach((one, at) => {
    const own = numbersOf(one.numbers);
    for (const other of shifts.slice(at + 1).filter((it) => meets(one, it))) for (const number of numbersOf(other.numbers)) if (own.includes(number)) found.add(number);
  });
  return [...found];
}
/** Numbers that did not pass. */
export function unvetted(shifts: readonly Shift[], passed: Passed): string[] {
  return [...new Set(shifts.flatMap((one) => numbersOf(one.numbers)))].filter((number) => !passed.has(number));
}
/** Who passed and stands nowhere else in the hours of a shift, nor on it. */
export function free(shifts: readonly Shift[], at: number, passed: Passed): string[] {
  const own = shifts[at];
  const busy = new Set(own ? shifts.filter((one) => one === own || meets(own, one)).flatMap((one) => numbersOf(one.numbers)) : []);
  return [...passed.keys()].filter((number) => !busy.has(number));
}
/** Where fewer stand at their duty than there are seats, while stations are open; as the node finds it. */
export function shortOf(shifts: readonly Shift[], seats: readonly Seats[], passed: Passed, [opens, closes]: readonly [number, number]): Short[] {
  const marks = [...new Set([opens, closes, ...shifts.flatMap((one) => [one.from, one.until])])].filter((minute) => minute >= opens && minute <= closes).sort((a, b) => a - b);
  const found: Short[] = [];
  for (const one of seats) for (let at = 0; at + 1 < marks.length; at += 1) {
    const [from = 0, until = 0] = [marks[at], marks[at + 1]];
    const on = shifts.filter((shift) => shift.from <= from && until <= shift.until);
    const standing = on.flatMap((shift) => numbersOf(shift.numbers)).filter((number) => passed.get(number) === one.duty).length;
    const last = found.at(-1);
    if (standing >= one.seats) continue;
    if (last?.duty === one.duty && last.until === from && last.standing === standing) last.until = until;
    else found.push({ ...one, from, until, standing });
  }
  return found;
}
/** How a committee's rota is shown. */
const ROTAS = { none: { look: "bad", sign: "■" }, disputed: { look: "bad", sign: "■" }, gaps: { look: "bad", sign: "■" }, short: { look: "warn", sign: "▲" }, whole: { look: "good", sign: "✓" } } as const;
export const rotaLook = (of: string): { look: string; sign: string } => ROTAS[of as keyof typeof ROTAS] ?? { look: "", sign: "" };
export const PHASES = { enlisted: { look: "warn", sign: "○" }, passed: { look: "good", sign: "✓" }, refused: { look: "", sign: "–" }, disputed: { look: "bad", sign: "■" } } as const;
export const phaseLook = (of: string): { look: string; sign: string } => PHASES[of as keyof typeof PHASES] ?? { look: "", sign: "" };
export const SHOWS = ["open", "unvetted", "unbriefed", "gaps", "unanswered", "ended"] as const;
export type Show = (typeof SHOWS)[number];
export type Act = "enlist" | "vet" | "release" | "brief" | "tell" | "answer" | "dissolve";
