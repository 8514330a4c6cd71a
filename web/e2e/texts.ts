// All texts that a screen may show, in both languages.
import { en as field, type Dictionary } from "../src/i18n/en.ts";
import { alerts } from "../src/i18n/en/alerts.ts";
import { campaigns } from "../src/i18n/en/campaigns.ts";
import { basing } from "../src/i18n/en/basing.ts";
import { carriers } from "../src/i18n/en/carriers.ts";
import { community } from "../src/i18n/en/community.ts";
import { convoys } from "../src/i18n/en/convoys.ts";
import { draw } from "../src/i18n/en/draw.ts";
import { kinds } from "../src/i18n/en/kinds.ts";
import { lessons } from "../src/i18n/en/lessons.ts";
import { methane } from "../src/i18n/en/methane.ts";
import { net } from "../src/i18n/en/net.ts";
import { trainer } from "../src/i18n/en/trainer.ts";
import { training } from "../src/i18n/en/training.ts";
import { readiness } from "../src/i18n/en/readiness.ts";
import { past } from "../src/i18n/en/past.ts";
import { packs } from "../src/i18n/en/packs.ts";
import { patrols } from "../src/i18n/en/patrols.ts";
import { phone } from "../src/i18n/en/phone.ts";
import { roomTexts } from "../src/i18n/en/room.ts";
import { ur as fieldUrdu } from "../src/i18n/ur.ts";
import { alerts as alertsUrdu } from "../src/i18n/ur/alerts.ts";
import { campaigns as campaignsUrdu } from "../src/i18n/ur/campaigns.ts";
import { basing as basingUrdu } from "../src/i18n/ur/basing.ts";
import { carriers as carriersUrdu } from "../src/i18n/ur/carriers.ts";
import { community as communityUrdu } from "../src/i18n/ur/community.ts";
import { convoys as convoysUrdu } from "../src/i18n/ur/convoys.ts";
import { draw as drawUrdu } from "../src/i18n/ur/draw.ts";
import { kinds as kindsUrdu } from "../src/i18n/ur/kinds.ts";
import { lessons as lessonsUrdu } from "../src/i18n/ur/lessons.ts";
import { methane as methaneUrdu } from "../src/i18n/ur/methane.ts";
import { net as netUrdu } from "../src/i18n/ur/net.ts";
import { trainer as trainerUrdu } from "../src/i18n/ur/trainer.ts";
import { training as trainingUrdu } from "../src/i18n/ur/training.ts";
import { readiness as readinessUrdu } from "../src/i18n/ur/readiness.ts";
import { past as pastUrdu } from "../src/i18n/ur/past.ts";
import { packs as packsUrdu } from "../src/i18n/ur/packs.ts";
import { patrols as patrolsUrdu } from "../src/i18n/ur/patrols.ts";
import { phone as phoneUrdu } from "../src/i18n/ur/phone.ts";
import { roomTexts as roomUrdu } from "../src/i18n/ur/room.ts";

export type { Dictionary };
export const en: Dictionary = { ...field, ...roomTexts, ...phone, ...alerts, ...basing, ...campaigns, ...carriers, ...community, ...convoys, ...draw, ...kinds, ...lessons, ...methane, ...net, ...packs, ...past, ...patrols, ...readiness, ...training, ...trainer };
export const ur: Dictionary = { ...fieldUrdu, ...roomUrdu, ...phoneUrdu, ...alertsUrdu, ...basingUrdu, ...campaignsUrdu, ...carriersUrdu, ...communityUrdu, ...convoysUrdu, ...drawUrdu, ...kindsUrdu, ...lessonsUrdu, ...methaneUrdu, ...netUrdu, ...packsUrdu, ...pastUrdu, ...patrolsUrdu, ...readinessUrdu, ...trainingUrdu, ...trainerUrdu };

type Theme = "dark" | "light";
/** Every story is told in both languages, each in another theme; PEHRA_E2E_LANGUAGE=ur tells one alone. */
export function told(english: Theme = "dark", urdu: Theme = "light"): (readonly ["en" | "ur", Dictionary, Theme])[] {
  const only = process.env["PEHRA_E2E_LANGUAGE"];
  return ([["en", en, english], ["ur", ur, urdu]] as const).filter(([language]) => !only || only === language);
}
