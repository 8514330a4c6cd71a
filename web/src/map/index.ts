// The only door to the map. Its code and MapLibre's are fetched when the first map opens, not before.
import type { MapEvents, RiskMap, Theme } from "./types";

export type { HoverAt, LayerKey, MapEvents, RiskMap, Shape, Sketch, Theme } from "./types";
export { LAYERS } from "./types";
export { classTone, lookOf, ramp, shareStep } from "./look";

export async function openMap(container: HTMLElement, theme: Theme, language: "en" | "ur", events: MapEvents): Promise<RiskMap> {
  const { createMap } = await import("./engine");
  return createMap(container, theme, language, events);
}
