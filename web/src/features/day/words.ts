import { t } from "../../i18n/index.svelte";

const TWO_DAYS_MS = 172_800_000;
/** Minutes and seconds; hours above one; days above two. */
export function spanWord(ms: number): string {
  if (ms >= TWO_DAYS_MS) return t("day.days", { n: Math.floor(ms / 86_400_000) });
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}
