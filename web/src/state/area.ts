// Names of areas in the room, which knows the districts of its list.
import { both } from "../i18n/index.svelte";
import { areaName } from "../ui/area";
import { room } from "./room.svelte";

/** A district by its own name; an area that is none as everywhere. */
export function areaWord(area: string): string {
  const found = room.districts.find((district) => district.area === area);
  return found ? both(found.name, found.name_ur) : areaName(area);
}
