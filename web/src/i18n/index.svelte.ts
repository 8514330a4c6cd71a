import type { Dictionary, Key } from "./en";

export type Language = "en" | "ur";
export type { Key } from "./en";

let language = $state<Language>("en");
/** Each page brings its own texts along before it starts, and no others. */
interface Texts { en: Partial<Dictionary>; ur: () => Promise<Partial<Dictionary>> }
let own: Texts = { en: {}, ur: () => Promise.resolve({}) };
let texts = $state.raw<Partial<Dictionary>>({});

function kept(): Language {
  try {
    return localStorage.getItem("pehra-language") === "ur" ? "ur" : "en";
  } catch {
    return "en";
  }
}

/** Texts that a screen brings along when it is first opened. */
export interface Brought { en: () => Promise<Partial<Dictionary>>; ur: () => Promise<Partial<Dictionary>> }
const brought: Brought[] = [];
async function textsOf(of: Language): Promise<Partial<Dictionary>> {
  const [page, ...screens] = await Promise.all([of === "ur" ? own.ur() : own.en, ...brought.map((one) => one[of]())]);
  return Object.assign({}, page, ...screens) as Partial<Dictionary>;
}
export async function bringTexts(more: Brought): Promise<void> {
  if (!brought.includes(more)) brought.push(more);
  texts = await textsOf(language);
}

/** Urdu comes with its own small file, fetched from the node only when it is wanted. */
export async function setLanguage(next: Language): Promise<void> {
  texts = await textsOf(next);
  language = next;
  document.documentElement.lang = next;
  document.documentElement.dir = next === "ur" ? "rtl" : "ltr";
  try {
    localStorage.setItem("pehra-language", next);
  } catch {
    // a browser that keeps nothing starts in English
  }
}
export async function startLanguage(bring: Texts): Promise<void> {
  own = bring;
  await setLanguage(kept());
}
export const i18n = {
  get language(): Language {
    return language;
  },
};

/** Points to where one came from, as the lines run. */
export const backArrow = (): string => (language === "ur" ? "→" : "←");

/** The text of a key, with `{name}` filled in. */
export function t(key: Key, values?: Record<string, string | number>): string {
  const text = texts[key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => isolated(values[name] ?? whole)) : text;
}
const [ISOLATE, END] = [0x2068, 0x2069].map((code) => String.fromCodePoint(code));
/** A date or a name in Latin letters keeps its own order inside an Urdu sentence (Unicode UAX 9, isolates). */
function isolated(value: string | number): string {
  const text = String(value);
  return language === "ur" && /[A-Za-z]/.test(text) ? `${ISOLATE}${text}${END}` : text;
}
/** For keys that come from the node: the text if there is one, else the key itself. */
export function tOr(key: string, otherwise: string): string {
  return (texts as Record<string, string>)[key] ?? otherwise;
}
/** The half of a two-language text that is wanted. */
export function both(en: string | null | undefined, ur: string | null | undefined): string {
  return (language === "ur" ? ur || en : en || ur) ?? "";
}
