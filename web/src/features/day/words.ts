import { both, t } from "../../i18n/index.svelte";
import { room } from "../../state/room.svelte";

/** A district by its name; an area that is none by the last step of its path. */
export function areaWord(area: string): string {
  const found = room.districts.find((district) => district.area === area);
  return found ? both(found.name, found.name_ur) : (area.split("/").pop() ?? area);
}

const TWO_DAYS_MS = 172_800_000;
/** Minutes and seconds; hours above one; days above two. */
export function spanWord(ms: number): string {
  if (ms >= TWO_DAYS_MS) return t("day.days", { n: Math.floor(ms / 86_400_000) });
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}
