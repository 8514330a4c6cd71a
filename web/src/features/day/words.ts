import { both } from "../../i18n/index.svelte";
import { room } from "../../state/room.svelte";

/** A district by its name; an area that is none by the last step of its path. */
export function areaWord(area: string): string {
  const found = room.districts.find((district) => district.area === area);
  return found ? both(found.name, found.name_ur) : (area.split("/").pop() ?? area);
}
