// A map in a page: opened once its box is there, told of theme, language and districts, destroyed with the page. Each view
// says what else is drawn on it.
import { untrack } from "svelte";
import { get } from "../api/client";
import type { Town } from "../api/types";
import { i18n } from "../i18n/index.svelte";
import { type MapEvents, openMap, type RiskMap } from "../map";
import { room } from "../state/room.svelte";

export class MapBox {
  map = $state.raw<RiskMap | null>(null);
  ready = $state(false);
  failed = $state("");

  /** To be made while a component is. `opened` is told of the map before anything is drawn on it. */
  constructor(box: () => HTMLElement | undefined, events: Pick<MapEvents, "pick" | "hover" | "zoom"> & Partial<MapEvents>, opened: (map: RiskMap) => void = () => undefined) {
    $effect(() => {
      const held = box();
      if (!held) return;
      let gone = false;
      let own: RiskMap | null = null;
      // Another theme or language is told to the map below; it is not opened anew for it.
      const [theme, language] = untrack(() => [room.theme, i18n.language] as const);
      openMap(held, theme, language, { ...events, ready: () => (this.ready = true), failed: (reason) => (this.failed = reason) }).then((map) => {
        if (gone) return map.destroy();
        opened(map);
        own = this.map = map;
        void get<Town[]>("/api/map/towns").then((towns) => map.setTowns(towns), () => undefined);
        void get<unknown>("/api/map/boundaries").then((geojson) => map.setBoundaries(geojson), () => undefined);
      }, (error: unknown) => (this.failed = error instanceof Error ? error.message : String(error)));
      return () => {
        gone = true;
        own?.destroy();
        this.map = null;
      };
    });
    $effect(() => { if (this.map && room.districts.length) this.map.setDistricts(room.districts); });
    $effect(() => { this.map?.setTheme(room.theme); });
    $effect(() => { this.map?.setLanguage(i18n.language); });
  }
}
