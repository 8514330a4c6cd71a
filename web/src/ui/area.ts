// Names of areas: `pk/sindh` by the dictionary, a district by its own last step.
import { tOr } from "../i18n/index.svelte";

export function areaName(area: string): string {
  const last = area.split("/").pop() ?? area;
  const words = last.replace(/[-_.]+/g, " ").trim();
  const plain = words.charAt(0).toUpperCase() + words.slice(1);
  return tOr(`area.${last.toLowerCase().replace(/[\s_]+/g, "-")}`, plain);
}
