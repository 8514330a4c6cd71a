// Figures as they are printed. Western digits in both languages: forms and lists in Pakistan use them in tables.
const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const clockFormat = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Karachi", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const hourFormat = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Karachi", hour: "2-digit", minute: "2-digit", hour12: false });
const dayFormat = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Karachi", day: "numeric", month: "short", year: "numeric" });
const shortTimeFormat = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Karachi", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });

const NONE = "–";

export function integer(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? NONE : whole.format(value);
}
/** Hundredths as points: 4166 is "41.7". */
export function score(centi: number | null | undefined): string {
  return centi === null || centi === undefined ? NONE : one.format(centi / 100);
}
export function percent(share: number, digits = 0): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(digits)} %` : NONE;
}
export function signed(value: number): string {
  return value > 0 ? `+${one.format(value)}` : value < 0 ? `−${one.format(-value)}` : "0.0";
}
export function kilometres(metres: number): string {
  return one.format(metres / 1000);
}
export function clock(ms: number): string {
  return clockFormat.format(ms);
}
/** Hour and minute: what people say to each other. */
export function hour(ms: number): string {
  return hourFormat.format(ms);
}
/** A date keeps its order in a line of Urdu (Unicode UAX 9: a left-to-right isolate); in English it shows nothing. */
const [LEFT_TO_RIGHT, END] = [0x2066, 0x2069].map((code) => String.fromCodePoint(code));
export function day(ms: number): string {
  return leftToRight(dayFormat.format(ms));
}
/** What reads from left to right, whatever stands around it. */
export function leftToRight(text: string): string {
  return `${LEFT_TO_RIGHT}${text}${END}`;
}
/** A text for the record: without marks that only steer its drawing. */
export function plain(text: string): string {
  return text.replace(/\p{Bidi_Control}/gu, "");
}
export function moment(ms: number | null | undefined): string {
  return ms ? leftToRight(shortTimeFormat.format(ms)) : NONE;
}

export interface Age { count: number; unit: "second" | "minute" | "hour" | "day" }

/** How long ago, in the largest whole unit. What lies in the future is no age: 0 seconds. */
export function ageOf(ms: number, nowMs: number): Age {
  const seconds = Math.max(0, Math.floor((nowMs - ms) / 1000));
  if (seconds < 60) return { count: seconds, unit: "second" };
  if (seconds < 3600) return { count: Math.floor(seconds / 60), unit: "minute" };
  if (seconds < 86_400) return { count: Math.floor(seconds / 3600), unit: "hour" };
  return { count: Math.floor(seconds / 86_400), unit: "day" };
}

export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const rest = String(seconds % 60).padStart(2, "0");
  return `${Math.floor(seconds / 60)}:${rest}`;
}
export function bytes(count: number): string {
  return count < 1024 ? `${count} B` : count < 1_048_576 ? `${one.format(count / 1024)} kB` : `${one.format(count / 1_048_576)} MB`;
}
