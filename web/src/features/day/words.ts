import { t, type Key } from "../../i18n/index.svelte";
import { integer } from "../../ui/format";
import type { QueueItem } from "./queue";

const TWO_DAYS_MS = 172_800_000;
/** Minutes and seconds; hours above one; days above two. */
export function spanWord(ms: number): string {
  if (ms >= TWO_DAYS_MS) return t("day.days", { n: Math.floor(ms / 86_400_000) });
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** What a line of the queue is, in words. */
export function nameOf(item: QueueItem, title: (code: string) => string): string {
  if (item.incident) return title(item.incident.code);
  if (item.unit) return `${item.unit.unit} ${t(`dispatch.late_${item.unit.what}` as Key)}`;
  const alarm = item.alarm;
  if (!alarm) return t("day.silences", { n: integer(item.silences.length) });
  return alarm.count === 1 ? t("day.silent_one", { station: alarm.named[0] ?? "" }) : t("day.silent", { n: integer(alarm.count), of: integer(alarm.of) });
}
