// Words and small sums of the page about draws. Pure but for the language.
import type { DrawView, DrawsView } from "../../api/types";
import { t } from "../../i18n/index.svelte";

type Act = DrawView["acts"][number];

const PLAIN = {
  join: "draw.act.join", propose: "draw.act.propose", open: "draw.act.open", commit: "draw.act.commit",
  reveal: "draw.act.reveal", draw: "draw.act.draw", replace: "draw.act.replace", withdraw: "draw.act.withdraw",
} as const;

/** What the button of an act says. */
export function actLabel(act: Act): string {
  const party = act.party ?? "";
  if (act.act === "show-share") return t("draw.act.show_share", { party });
  if (act.act === "recover") return t("draw.act.recover", { party });
  return t(PLAIN[act.act as keyof typeof PLAIN]);
}

const SOMEBODY = { proposer: "draw.waits.proposer", second: "draw.waits.second", drawer: "draw.waits.drawer" } as const;

/** Names of parties as they are; the others in words. */
export function waitsFor(waits: string[]): string {
  return waits.map((who) => (who in SOMEBODY ? t(SOMEBODY[who as keyof typeof SOMEBODY]) : who)).join(t("draw.and"));
}

/** The list with one draw as it is now. */
export function withDraw(all: DrawsView | null, draw: DrawView): DrawsView {
  const draws = all?.draws ?? [];
  const known = draws.some((one) => one.id === draw.id);
  return { draws: known ? draws.map((one) => (one.id === draw.id ? draw : one)) : [draw, ...draws] };
}
