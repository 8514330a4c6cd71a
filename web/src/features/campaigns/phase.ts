// How campaigns and their languages stand, as they are shown. Pure.
import type { CampaignLanguage, CampaignRow } from "../../api/types";

export const PHASES = {
  drafted: { look: "", sign: "○" },
  read: { look: "accent", sign: "◐" },
  approved: { look: "good", sign: "✓" },
  running: { look: "good", sign: "▶" },
  over: { look: "warn", sign: "▲" },
  measured: { look: "", sign: "✓" },
  refused: { look: "", sign: "–" },
  stopped: { look: "warn", sign: "■" },
  disputed: { look: "bad", sign: "■" },
} as const;
export type CampaignPhase = keyof typeof PHASES;
export const lookOf = (phase: string): { look: string; sign: string } => PHASES[phase as CampaignPhase] ?? { look: "", sign: "" };

export const STANDINGS = { missing: "", unsigned: "warn", faulty: "bad", disputed: "bad", signed: "accent", out: "good" } as const;
export const standingLook = (standing: string): string => STANDINGS[standing as keyof typeof STANDINGS] ?? "";

/** Languages that may not be used. */
export function blocked(row: Pick<CampaignRow, "languages">): CampaignLanguage[] {
  return row.languages.filter((one) => one.standing !== "out");
}
/** Areas that a plan may be asked for: the nation, where somebody drafts, and the provinces that lie there. In order. */
export function plannable(areas: string[]): string[] {
  const above = areas.map((area) => area.slice(0, area.lastIndexOf("/")));
  const provinces = above.filter((area) => areas.some((own) => area.startsWith(`${own}/`)));
  return [...new Set(["pk", ...areas, ...provinces])].sort();
}
export const ACTS = ["approve", "refuse", "stop", "measure"] as const;
export type CampaignAct = (typeof ACTS)[number];
export const TEXT_ACTS = ["write", "sign", "fault"] as const;
export type TextAct = (typeof TEXT_ACTS)[number];
/** Thousandths that are left of a channel, as a key of the texts. */
export function survival(thousandths: number): "campaigns.survives_all" | "campaigns.survives_part" | "campaigns.survives_none" {
  return thousandths >= 1000 ? "campaigns.survives_all" : thousandths > 0 ? "campaigns.survives_part" : "campaigns.survives_none";
}
