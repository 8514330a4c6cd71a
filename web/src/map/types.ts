// What the rest of the room may know of the map. The engine and MapLibre itself stay behind openMap().
import type { Points } from "../api/points";
import type { District, Town } from "../api/types";

/** `day` is the day's own screen's, `cover` and `wait` that of the reserves, `patrol` that of patrols. */
export type LayerKey = "class" | "score" | "data" | "official" | "shortfall" | "day" | "cover" | "wait" | "patrol";
export const LAYERS: readonly LayerKey[] = ["class", "score", "data", "official", "shortfall"];
export type Shape = "circle" | "diamond" | "square" | "triangle";
export type Theme = "dark" | "light";

export interface MapEvents {
  /** A station was chosen by its point index. */
  pick: (index: number) => void;
  /** What is under the pointer: one station, or a hexagon's sums. */
  hover: (at: HoverAt | null) => void;
  zoom: (zoom: number) => void;
  /** A place was pointed at; whoever takes it answers true, and nothing else happens. */
  spot?: (lat: number, lon: number) => boolean;
  /** A node was chosen, by its device. */
  node?: (device: string) => void;
  ready: () => void;
  failed: (reason: string) => void;
}
export type HoverAt =
  | { kind: "point"; index: number; x: number; y: number }
  | { kind: "hex"; count: number; exceptions: number; mean: number; x: number; y: number };

/** A ring on the map: an incident. */
export interface Marker { lat: number; lon: number; severity: number; label: string }

/** A node on the map, and a line along a path. */
export interface NodeMark { device: string; lat: number; lon: number; is: string; label: string }
export interface LinkMark { from: [number, number]; to: [number, number]; is: string }

/** What a desk draws: one point is a spot with its sign, more are a way, or with `ring` an area. Latitude first. */
export type SketchTone = "report" | "other" | "station" | "place" | "convoy" | "incident" | "watch";
export interface Sketch { tone: SketchTone; points: [number, number][]; radiusM: number; ring: boolean; label: string; /** Many of them are seen at once: small from afar. */ small?: boolean }

export interface RiskMap {
  setPoints(points: Points): void;
  setLayer(layer: LayerKey): void;
  /** 1 for each point that is shown; null shows all. */
  setVisible(mask: Uint8Array | null): void;
  /** The day's byte for each point. */
  setDay(status: Uint8Array): void;
  /** How a basing covers each point, and in how many minutes. */
  setCover(cover: Uint8Array, minutes: Uint8Array): void;
  /** For each point the hundredths of days on which a team is there; 255 where it is not in the plan and not shown. */
  setPatrol(shares: Uint8Array): void;
  setMarkers(markers: Marker[]): void;
  setNodes(nodes: NodeMark[], links: LinkMark[], chosen: string): void;
  /** `fit` brings all of it into view. */
  setSketches(sketches: Sketch[], fit: boolean): void;
  setDistricts(districts: District[]): void;
  setTowns(towns: Town[]): void;
  setBoundaries(geojson: unknown): void;
  setTheme(theme: Theme): void;
  setLanguage(language: "en" | "ur"): void;
  select(index: number | null): void;
  showDistrict(district: District | null): void;
  fitNation(): void;
  flyTo(lat: number, lon: number, zoom: number): void;
  destroy(): void;
}
