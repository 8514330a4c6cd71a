import type { screens as english } from "../en/screens";

export const screens: Record<keyof typeof english, string> = {
  "nav.draw": "قرعہ",
  "nav.reserves": "ریزرو",
  "job.reserves": "ٹیموں کے اڈے",
};
