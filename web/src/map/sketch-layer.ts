// What a desk draws on the map: spots, ways and rings, each with a sign and a stroke of its own besides its colour.
import type { FilterSpecification, LayerSpecification, Map as LibreMap } from "maplibre-gl";
import type { Feature, FeatureCollection } from "geojson";
import { drawSign } from "./nodes-layer";
import type { Sketch, SketchTone, Theme } from "./types";

const TONE = {
  dark: { report: "#ffd166", other: "#b4c2cf", station: "#4fc3a1", place: "#8fc4f5", convoy: "#ff9457", incident: "#ff6fa3", watch: "#c9a7ff", text: "#e9f0f6", halo: "#0a0f15" },
  light: { report: "#7a5200", other: "#54636f", station: "#0a6b50", place: "#0b57a4", convoy: "#a54200", incident: "#b8154f", watch: "#6b3fa0", text: "#15202b", halo: "#ffffff" },
} as const;
const TONES: readonly SketchTone[] = ["report", "other", "station", "place", "convoy", "incident", "watch"];
/** Signs of the nodes' page, by their shape: a diamond, circles, a square, triangles. */
const SIGN: Record<SketchTone, string> = { report: "own", other: "heard", station: "up", place: "aged", convoy: "dark", incident: "doubtful", watch: "heard" };
const DASH: Partial<Record<SketchTone, [number, number]>> = { convoy: [2, 1.4], watch: [1, 1.6], other: [4, 2] };
const ROUND = 64;
const METRES_A_DEGREE = 111_320;

/** A circle as a ring of corners. */
export function circle(lat: number, lon: number, radiusM: number): [number, number][] {
  const high = radiusM / METRES_A_DEGREE;
  const wide = high / Math.max(0.1, Math.cos((lat * Math.PI) / 180));
  return Array.from({ length: ROUND + 1 }, (_, at) => {
    const turn = (2 * Math.PI * at) / ROUND;
    return [lon + wide * Math.cos(turn), lat + high * Math.sin(turn)];
  });
}

export function sketchFeatures(sketches: readonly Sketch[]): FeatureCollection {
  const features: Feature[] = [];
  for (const one of sketches) {
    const properties = { tone: one.tone, label: one.label, small: one.small ?? false };
    const line = one.points.map(([lat, lon]): [number, number] => [lon, lat]);
    const first = line[0];
    if (!first) continue;
    if (one.ring) features.push({ type: "Feature", properties, geometry: { type: "Polygon", coordinates: [[...line, first]] } });
    else if (line.length > 1) features.push({ type: "Feature", properties, geometry: { type: "LineString", coordinates: line } });
    else features.push({ type: "Feature", properties, geometry: { type: "Point", coordinates: first } });
    if (one.radiusM > 0) for (const [lat, lon] of one.points) features.push({ type: "Feature", properties: { ...properties, label: "" }, geometry: { type: "Polygon", coordinates: [circle(lat, lon, one.radiusM)] } });
  }
  return { type: "FeatureCollection", features };
}

/** The corners of a box around everything that is drawn. */
export function extent(sketches: readonly Sketch[]): [[number, number], [number, number]] | null {
  const all = sketches.flatMap((one) => one.points.flatMap(([lat, lon]) => (one.radiusM > 0 ? circle(lat, lon, one.radiusM) : [[lon, lat] as [number, number]])));
  if (all.length === 0) return null;
  const lons = all.map(([lon]) => lon);
  const lats = all.map(([, lat]) => lat);
  return [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
}

const of = (tone: SketchTone, shape: "Point" | "LineString" | "Polygon"): FilterSpecification => ["all", ["==", ["get", "tone"], tone], ["==", ["geometry-type"], shape]] as FilterSpecification;

export function addSketch(map: LibreMap, theme: Theme, face: string): void {
  const empty: FeatureCollection = { type: "FeatureCollection", features: [] };
  map.addSource("sketch", { type: "geojson", data: empty });
  for (const tone of TONES) {
    const dash = DASH[tone];
    const stroke = { "line-color": TONE[theme][tone], "line-width": 2.4, ...(dash ? { "line-dasharray": dash } : {}) };
    map.addLayer({ id: `sketch-fill-${tone}`, type: "fill", source: "sketch", filter: of(tone, "Polygon"), paint: { "fill-color": TONE[theme][tone], "fill-opacity": 0.13 } });
    map.addLayer({ id: `sketch-ring-${tone}`, type: "line", source: "sketch", filter: of(tone, "Polygon"), paint: { ...stroke, "line-width": 1.6 } } as LayerSpecification);
    map.addLayer({ id: `sketch-line-${tone}`, type: "line", source: "sketch", filter: of(tone, "LineString"), paint: stroke } as LayerSpecification);
  }
  map.addLayer({
    id: "sketch-sign", type: "symbol", source: "sketch", filter: ["!=", ["geometry-type"], "Polygon"] as FilterSpecification,
    layout: { "icon-image": ["concat", "sketch-", ["get", "tone"]], "icon-size": ["interpolate", ["linear"], ["zoom"], 5, ["case", ["get", "small"], 0.42, 1], 9, ["case", ["get", "small"], 0.8, 1]], "icon-allow-overlap": true, "symbol-placement": "point", "text-field": ["get", "label"], "text-font": [face], "text-size": 12, "text-variable-anchor": ["top", "bottom", "right", "left"], "text-radial-offset": 1.1, "text-justify": "auto", "text-optional": true },
    paint: { "text-color": TONE[theme].text, "text-halo-color": TONE[theme].halo, "text-halo-width": 1.6 },
  });
  paintSketch(map, theme);
}

export function paintSketch(map: LibreMap, theme: Theme): void {
  const paint = TONE[theme];
  for (const tone of TONES) {
    const image = drawSign(SIGN[tone], paint[tone], paint.halo);
    if (image && map.hasImage(`sketch-${tone}`)) map.updateImage(`sketch-${tone}`, image);
    else if (image) map.addImage(`sketch-${tone}`, image, { pixelRatio: 2 });
    map.setPaintProperty(`sketch-fill-${tone}`, "fill-color", paint[tone]);
    map.setPaintProperty(`sketch-ring-${tone}`, "line-color", paint[tone]);
    map.setPaintProperty(`sketch-line-${tone}`, "line-color", paint[tone]);
  }
  map.setPaintProperty("sketch-sign", "text-color", paint.text);
  map.setPaintProperty("sketch-sign", "text-halo-color", paint.halo);
}
