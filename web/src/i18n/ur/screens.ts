import type { screens as english } from "../en/screens";

export const screens: Record<keyof typeof english, string> = {
  "nav.findings": "خامیاں",
  "nav.observer": "مبصر",
  "nav.wall": "دیوار",
  "nav.net": "ریڈیو نیٹ",
  "nav.replay": "دوبارہ منظر",
  "nav.readiness": "تیاری",
  "nav.trainer": "تربیت کار",
  "nav.training": "تربیت",
  "nav.campaigns": "مہمات",
  "nav.community": "کمیونٹی",
  "nav.alerts": "انتباہات",
  "nav.convoys": "قافلے",
  "job.convoys": "قافلوں کا منصوبہ",
  "nav.packs": "کاغذات",
  "job.pack": "منصوبہ کاغذ پر",
  "nav.draw": "قرعہ",
  "nav.patrols": "گشت",
  "job.patrol": "گشت کا منصوبہ یا قرعہ",
  "nav.reserves": "ریزرو",
  "job.reserves": "ٹیموں کے اڈے",
};
