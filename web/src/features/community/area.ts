// What an area is called on the page of committees.
import type { CommunityArea, CommunityLog } from "../../api/types";
import { both } from "../../i18n/index.svelte";
import { areaWord } from "../../state/area";

/** As the answer itself names it, or by its path. */
export const nameOf = (one: Pick<CommunityArea, "area" | "name" | "name_ur">): string => (one.name ? both(one.name, one.name_ur) : areaWord(one.area));
export function nameIn(log: CommunityLog, area: string): string {
  const known = log.areas.find((one) => one.area === area);
  return known ? nameOf(known) : areaWord(area);
}
