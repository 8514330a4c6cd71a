// What a line says, in words.
import type { LineRead } from "../../api/types";
import { both, t } from "../../i18n/index.svelte";
import type { Key } from "../../i18n/en";
import { leftToRight } from "../../ui/format";

export function what(read: LineRead): string {
  if (read.kind === "incident") return `${read.code} · ${both(read.means_en, read.means_ur)}${read.severity ? ` (${read.severity})` : ""}`;
  const counts = read.counts.filter((one): one is number => typeof one === "number");
  const word = read.well ? t("net.well") : t("net.trouble");
  return `${read.code} · ${t(`phone.code.${read.code}` as Key)} · ${word}${counts.length > 0 ? ` · ${leftToRight(counts.join(" / "))}` : ""}`;
}
