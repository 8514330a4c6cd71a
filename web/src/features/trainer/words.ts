// Who says a thing, in the reader's language.
import type { WatchLesson } from "../../api/types";
import { t, tOr } from "../../i18n/index.svelte";

export function fromWord(item: WatchLesson["items"][number]): string {
  if (item.by) return t("trainer.from.by", { who: tOr(`trainer.by.${item.by}`, item.by) });
  if (item.channel) return t("trainer.from.channel", { how: tOr(`trainer.channel.${item.channel}`, item.channel) });
  if (item.missing) return t("trainer.from.missing", { code: item.missing });
  if (item.toll) return t("trainer.from.toll", { a: item.toll[0] ?? 0, b: item.toll[1] ?? 0, c: item.toll[2] ?? 0, d: item.toll[3] ?? 0 });
  return t("trainer.from.grade", { grade: item.grade ?? "" });
}
