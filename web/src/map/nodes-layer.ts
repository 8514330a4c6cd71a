// Nodes and paths: a sign for each state, drawn here, and lines that differ in stroke as well as in colour.
import type { LayerSpecification, Map as LibreMap, SymbolLayerSpecification } from "maplibre-gl";
import type { FeatureCollection } from "geojson";
import type { LinkMark, NodeMark, Theme } from "./types";

const TONE = {
  dark: { own: "#ffd166", up: "#4fc3a1", doubtful: "#ff9457", heard: "#8fc4f5", aged: "#f2c53d", dark: "#ff7b8f", out: "#ff7b8f", line: "#93a4b4", text: "#e9f0f6", halo: "#0a0f15" },
  light: { own: "#7a5200", up: "#0a6b50", doubtful: "#a54200", heard: "#0b57a4", aged: "#865900", dark: "#b3173a", out: "#b3173a", line: "#54636f", text: "#15202b", halo: "#ffffff" },
} as const;
type Tone = (typeof TONE)[Theme];
const SIDE = 44;

/** One sign on a canvas: a shape for each state, so that no colour is needed to tell them apart. */
const sign = (is: string, tone: Tone): ImageData | null => drawSign(is, tone[is as "up"] ?? tone.line, tone.halo);

export function drawSign(is: string, colour: string, halo: string): ImageData | null {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const brush = canvas.getContext("2d");
  if (!brush) return null;
  const [c, r] = [SIDE / 2, SIDE / 2 - 8];
  brush.lineWidth = 5;
  brush.strokeStyle = halo;
  brush.fillStyle = colour;
  brush.beginPath();
  if (is === "own") brush.moveTo(c, c - r - 3), brush.lineTo(c + r + 3, c), brush.lineTo(c, c + r + 3), brush.lineTo(c - r - 3, c), brush.closePath();
  else if (is === "doubtful") brush.moveTo(c, c - r), brush.lineTo(c + r, c + r), brush.lineTo(c - r, c + r), brush.closePath();
  else if (is === "dark" || is === "out") brush.rect(c - r, c - r, 2 * r, 2 * r);
  else brush.arc(c, c, r, 0, 2 * Math.PI);
  brush.stroke();
  brush.fill();
  brush.fillStyle = halo;
  brush.beginPath();
  if (is === "heard") brush.arc(c, c, r - 5, 0, 2 * Math.PI), brush.fill();
  if (is === "aged") brush.arc(c, c, r - 5, -Math.PI / 2, Math.PI / 2), brush.fill();
  if (is === "out") {
    brush.strokeStyle = halo;
    brush.lineWidth = 4;
    brush.moveTo(c - r + 4, c - r + 4), brush.lineTo(c + r - 4, c + r - 4), brush.moveTo(c + r - 4, c - r + 4), brush.lineTo(c - r + 4, c + r - 4);
    brush.stroke();
  }
  return brush.getImageData(0, 0, SIDE, SIDE);
}

const STROKE: Record<string, { dash?: [number, number]; width: number; tone: "up" | "doubtful" | "dark" | "line" }> = {
  up: { width: 2.4, tone: "up" }, doubtful: { dash: [4, 2], width: 2.4, tone: "doubtful" }, lost: { dash: [1, 1.6], width: 3.4, tone: "dark" }, unknown: { dash: [1, 4], width: 1.6, tone: "line" },
};

export function addNodes(map: LibreMap, theme: Theme, face: string): void {
  const tone = TONE[theme];
  const empty: FeatureCollection = { type: "FeatureCollection", features: [] };
  map.addSource("path", { type: "geojson", data: empty });
  map.addSource("node", { type: "geojson", data: empty });
  for (const [is, stroke] of Object.entries(STROKE)) {
    map.addLayer({ id: `path-${is}`, type: "line", source: "path", filter: ["==", ["get", "is"], is], layout: { "line-cap": "butt" }, paint: { "line-color": tone[stroke.tone], "line-width": stroke.width, ...(stroke.dash ? { "line-dasharray": stroke.dash } : {}) } } as LayerSpecification);
  }
  const layout: SymbolLayerSpecification["layout"] = {
    "icon-image": ["concat", "node-", ["get", "is"]], "icon-size": ["case", ["get", "chosen"], 1.35, 1], "icon-allow-overlap": true,
    "text-field": ["get", "label"], "text-font": [face], "text-size": 12, "text-variable-anchor": ["top", "bottom", "right", "left"], "text-radial-offset": 1.15, "text-justify": "auto", "text-optional": true, "symbol-sort-key": ["get", "rank"],
  };
  map.addLayer({ id: "node", type: "symbol", source: "node", layout, paint: { "text-color": tone.text, "text-halo-color": tone.halo, "text-halo-width": 1.6 } });
  paintNodes(map, theme);
}

export function paintNodes(map: LibreMap, theme: Theme): void {
  const tone = TONE[theme];
  for (const is of ["own", "up", "doubtful", "heard", "aged", "dark", "out"]) {
    const image = sign(is, tone);
    if (!image) continue;
    if (map.hasImage(`node-${is}`)) map.updateImage(`node-${is}`, image);
    else map.addImage(`node-${is}`, image, { pixelRatio: 2 });
  }
  if (!map.getLayer("node")) return;
  for (const [is, stroke] of Object.entries(STROKE)) map.setPaintProperty(`path-${is}`, "line-color", tone[stroke.tone]);
  map.setPaintProperty("node", "text-color", tone.text);
  map.setPaintProperty("node", "text-halo-color", tone.halo);
}

const RANK: Record<string, number> = { dark: 0, own: 1, out: 6, doubtful: 2, aged: 3, up: 4, heard: 5 };
export function nodeFeatures(nodes: NodeMark[], chosen: string): FeatureCollection {
  return { type: "FeatureCollection", features: nodes.map((node) => ({ type: "Feature", properties: { device: node.device, is: node.is, label: node.label, chosen: node.device === chosen, rank: RANK[node.is] ?? 9 }, geometry: { type: "Point", coordinates: [node.lon, node.lat] } })) };
}
export function linkFeatures(links: LinkMark[]): FeatureCollection {
  return { type: "FeatureCollection", features: links.map((link) => ({ type: "Feature", properties: { is: link.is }, geometry: { type: "LineString", coordinates: [link.from, link.to] } })) };
}
