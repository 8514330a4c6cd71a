// All texts that a screen may show, in both languages.
import { en as field, type Dictionary } from "../src/i18n/en.ts";
import { roomTexts } from "../src/i18n/en/room.ts";
import { ur as fieldUrdu } from "../src/i18n/ur.ts";
import { roomTexts as roomUrdu } from "../src/i18n/ur/room.ts";

export type { Dictionary };
export const en: Dictionary = { ...field, ...roomTexts };
export const ur: Dictionary = { ...fieldUrdu, ...roomUrdu };
