import { Map as LibreMap, NavigationControl, ScaleControl, setWorkerUrl, type GeoJSONSource, type StyleSpecification } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import "./controls.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import latinUrl from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url";
import naskhUrl from "@fontsource/noto-naskh-arabic/files/noto-naskh-arabic-arabic-400-normal.woff2?url";
import type { Points } from "../api/points";
import type { District } from "../api/types";
import type { Feature, GeoJSON } from "geojson";
import { binHexes, graticule, groupByTile, hexCell, hexKey, mercatorX, mercatorY, nearest, type Hexes, type Tiles } from "./geometry";
import { lookOf, ramp, rgb, shareStep, SHAPE_CODE } from "./look";
import { addNodes, linkFeatures, nodeFeatures, paintNodes } from "./nodes-layer";
import { addSketch, extent, paintSketch, sketchFeatures } from "./sketch-layer";
import { hexShare, pointSize, PointsLayer } from "./points-layer";
import type { LayerKey, MapEvents, RiskMap, Theme } from "./types";

const NATION: [[number, number], [number, number]] = [[60.7, 23.6], [77.9, 37.2]];
const TILE_ZOOM = 8;
const HEX_PX = 6.5;
const FACE = "Room";

const PAINT = {
  dark: { ground: "#0d131a", grid: "#1c2631", gridText: "#66788a", hull: "#3c5268", hullFill: "#15202b", hullChosen: "#ffd166", town: "#dbe6f0", halo: "#0a0f15", boundary: "#8fa6bd", ring: "#ffd166", grave5: "#ff6fa3", grave4: "#ff9457", grave3: "#f2c53d", grave2: "#8ab4dc" },
  light: { ground: "#eef2f5", grid: "#d9e0e7", gridText: "#637180", hull: "#9fb0c0", hullFill: "#e3eaf0", hullChosen: "#8a5a00", town: "#1b2733", halo: "#ffffff", boundary: "#4a5a6a", ring: "#8a5a00", grave5: "#c2185b", grave4: "#b84a00", grave3: "#946200", grave2: "#2f6fa8" },
} as const;

const empty = { type: "FeatureCollection" as const, features: [] };

function style(theme: Theme, language: "en" | "ur"): StyleSpecification {
  const paint = PAINT[theme];
  const lines = graticule(20, 56, 40, 82, 2);
  const labels = [
    ...[62, 64, 66, 68, 70, 72, 74, 76].map((lon) => ({ text: `${lon}°E`, at: [lon, 23.1] })),
    ...[24, 26, 28, 30, 32, 34, 36].map((lat) => ({ text: `${lat}°N`, at: [60.2, lat] })),
  ];
  return {
    version: 8,
    "font-faces": { [FACE]: [
      { url: naskhUrl, "unicode-range": ["U+0600-06FF", "U+0750-077F", "U+08A0-08FF", "U+FB50-FDFF", "U+FE70-FEFF"] },
      { url: latinUrl, "unicode-range": ["U+0000-02FF", "U+2000-206F"] },
    ] },
    sources: {
      grid: { type: "geojson", data: { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } }] } },
      gridText: { type: "geojson", data: { type: "FeatureCollection", features: labels.map((label) => ({ type: "Feature", properties: { text: label.text }, geometry: { type: "Point", coordinates: label.at } })) } },
      boundary: { type: "geojson", data: empty },
      hull: { type: "geojson", data: empty },
      chosenHull: { type: "geojson", data: empty },
      town: { type: "geojson", data: empty },
      chosen: { type: "geojson", data: empty },
      marker: { type: "geojson", data: empty },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": paint.ground } },
      { id: "grid", type: "line", source: "grid", paint: { "line-color": paint.grid, "line-width": 1 } },
      { id: "grid-text", type: "symbol", source: "gridText", layout: { "text-field": ["get", "text"], "text-font": [FACE], "text-size": 10 }, paint: { "text-color": paint.gridText } },
      { id: "hull-fill", type: "fill", source: "hull", paint: { "fill-color": paint.hullFill, "fill-opacity": 0.55 } },
      { id: "hull", type: "line", source: "hull", paint: { "line-color": paint.hull, "line-width": 0.7, "line-opacity": 0.55 } },
      { id: "boundary", type: "line", source: "boundary", paint: { "line-color": paint.boundary, "line-width": 1.2 } },
      { id: "hull-chosen", type: "line", source: "chosenHull", paint: { "line-color": paint.hullChosen, "line-width": 1.6, "line-dasharray": [3, 2] } },
      { id: "marker", type: "circle", source: "marker", paint: { "circle-radius": ["+", 5, ["*", 1.6, ["get", "severity"]]], "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 2.5, "circle-stroke-color": ["match", ["get", "severity"], 5, paint.grave5, 4, paint.grave4, 3, paint.grave3, paint.grave2] } },
      { id: "marker-text", type: "symbol", source: "marker", layout: { "text-field": ["get", "label"], "text-font": [FACE], "text-size": 11, "text-offset": [0, 1.7], "text-optional": true }, paint: { "text-color": paint.town, "text-halo-color": paint.halo, "text-halo-width": 1.6 } },
      { id: "chosen", type: "circle", source: "chosen", paint: { "circle-radius": 13, "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 2.5, "circle-stroke-color": paint.ring } },
      {
        id: "town", type: "symbol", source: "town",
        filter: townFilter(),
        layout: { "text-field": ["get", language], "text-font": [FACE], "text-size": ["interpolate", ["linear"], ["zoom"], 5, 12.5, 9, 15], "symbol-sort-key": ["-", 0, ["get", "population"]], "text-padding": 6, "text-anchor": "center" },
        paint: { "text-color": paint.town, "text-halo-color": paint.halo, "text-halo-width": 1.8, "text-halo-blur": 0.4 },
      },
    ],
  };
}

function townFilter(): never {
  return [">=", ["get", "population"], ["step", ["zoom"], 900_000, 5.2, 400_000, 6.2, 150_000, 7.2, 60_000, 8.4, 0]] as never;
}

export function createMap(container: HTMLElement, firstTheme: Theme, firstLanguage: "en" | "ur", events: MapEvents): RiskMap {
  setWorkerUrl(workerUrl);
  let theme = firstTheme;
  let layerKey: LayerKey = "class";
  let points: Points | null = null;
  let tiles: Tiles | null = null;
  let visible: Uint8Array | null = null;
  let selected: number | null = null;
  let x = new Float64Array();
  let y = new Float64Array();
  let hexes: Hexes | null = null;
  let hexLevel = -1;
  let hexMs = 0;
  let dayTimer: ReturnType<typeof setTimeout> | undefined;

  const map = new LibreMap({
    container, style: style(theme, firstLanguage), bounds: NATION, fitBoundsOptions: { padding: 24 }, minZoom: 3.5, maxZoom: 18,
    attributionControl: false, dragRotate: false, pitchWithRotate: false, renderWorldCopies: false, fadeDuration: 100,
    canvasContextAttributes: { antialias: true },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-left");
  const layer = new PointsLayer(() => map.getZoom());
  let styled = false;
  const later: (() => void)[] = [];
  const whenStyled = (deed: () => void): void => {
    if (styled) deed();
    else later.push(deed);
  };

  map.on("load", () => {
    styled = true;
    map.addLayer(layer, "hull-chosen");
    for (const deed of later.splice(0)) deed();
    events.ready();
  });
  map.on("error", (event) => events.failed(event.error?.message ?? "map"));
  map.on("zoom", () => {
    refreshHexes(false);
    events.zoom(map.getZoom());
  });

  const source = (name: string): GeoJSONSource | undefined => map.getSource(name) as GeoJSONSource | undefined;

  function refreshStatus(): void {
    if (!points || !tiles) return;
    const look = lookOf(layerKey, theme);
    const bytes = new Uint8Array(points.count * 4);
    const shapes = look.items.map((item) => SHAPE_CODE[item.shape]);
    for (let at = 0; at < tiles.order.length; at += 1) {
      const index = tiles.order[at] ?? 0;
      const item = look.item(points, index);
      bytes[at * 4] = shapes[item] ?? 0;
      bytes[at * 4 + 1] = item;
      bytes[at * 4 + 2] = !visible || visible[index] ? 1 : 0;
    }
    layer.setPalette(look.items.map((item) => rgb(item.colour)), ramp(theme).map(rgb), theme === "dark" ? 1 : 0.25);
    layer.setStatus(bytes);
    map.triggerRepaint();
  }

  function refreshHexes(force: boolean): void {
    if (!points) return;
    const zoom = map.getZoom();
    if (hexShare(zoom) <= 0) return;
    const level = Math.round(zoom * 2) / 2;
    if (!force && level === hexLevel && hexes) return;
    hexLevel = level;
    const look = lookOf(layerKey, theme);
    const exception = new Uint8Array(points.count);
    for (let i = 0; i < points.count; i += 1) exception[i] = look.exception(points, i) ? 1 : 0;
    hexes = binHexes(x, y, points.score, exception, visible, HEX_PX / (512 * 2 ** level));
    const sorted = Uint32Array.from(hexes.stations).sort();
    const full = Math.max(4, sorted[Math.floor(sorted.length * 0.92)] ?? 1);
    const data = new Float32Array(hexes.count * 2);
    for (let i = 0; i < hexes.count; i += 1) {
      const stations = hexes.stations[i] ?? 1;
      data[i * 2] = shareStep((hexes.exceptions[i] ?? 0) / stations, look.steps);
      data[i * 2 + 1] = Math.min(1, Math.sqrt(stations / full));
    }
    layer.setHexes(hexes, data);
    map.triggerRepaint();
  }

  function showSelected(): void {
    const features = selected === null || !points ? [] : [{
      type: "Feature" as const, properties: {},
      geometry: { type: "Point" as const, coordinates: [points.lon[selected] ?? 0, points.lat[selected] ?? 0] },
    }];
    source("chosen")?.setData({ type: "FeatureCollection", features });
  }

  function under(point: { x: number; y: number }, slackPx: number): number {
    const at = map.unproject([point.x, point.y]);
    const reach = (pointSize(map.getZoom()) / 2 + slackPx) / (512 * 2 ** map.getZoom());
    return nearest(x, y, visible, mercatorX(at.lng), mercatorY(at.lat), reach);
  }
  function hexUnder(point: { x: number; y: number }): number | undefined {
    if (!hexes) return undefined;
    const at = map.unproject([point.x, point.y]);
    const [q, r] = hexCell(mercatorX(at.lng), mercatorY(at.lat), hexes.radius);
    return hexes.of.get(hexKey(q, r));
  }

  let frame = 0;
  map.on("mousemove", (event) => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      if (!points) return;
      const { x: px, y: py } = event.point;
      if (hexShare(map.getZoom()) > 0.5) {
        const at = hexUnder(event.point);
        map.getCanvas().style.cursor = at === undefined ? "" : "zoom-in";
        events.hover(at === undefined || !hexes ? null : { kind: "hex", count: hexes.stations[at] ?? 0, exceptions: hexes.exceptions[at] ?? 0, mean: (hexes.scoreSum[at] ?? 0) / Math.max(1, hexes.stations[at] ?? 1), x: px, y: py });
        return;
      }
      const index = under(event.point, 3);
      map.getCanvas().style.cursor = index < 0 ? "" : "pointer";
      events.hover(index < 0 ? null : { kind: "point", index, x: px, y: py });
    });
  });
  map.on("mouseout", () => events.hover(null));
  map.on("click", (event) => {
    if (events.spot?.(event.lngLat.lat, event.lngLat.lng)) return;
    if (map.getLayer("node")) {
      const [found] = map.queryRenderedFeatures(event.point, { layers: ["node"] });
      if (found) {
        events.node?.(String(found.properties["device"]));
        return;
      }
    }
    if (hexShare(map.getZoom()) > 0.5) {
      if (hexUnder(event.point) !== undefined) map.easeTo({ center: event.lngLat, zoom: Math.max(8.6, map.getZoom() + 2) });
      return;
    }
    const index = under(event.point, 6);
    if (index >= 0) events.pick(index);
  });

  const hullOf = (district: District): Feature => ({
    type: "Feature", properties: {},
    geometry: { type: "Polygon", coordinates: [[...district.hull, ...district.hull.slice(0, 1)].map(([lat, lon]) => [lon / 1e7, lat / 1e7])] },
  });

  return {
    setPoints(given) {
      points = given;
      x = given.lon.map(mercatorX);
      y = given.lat.map(mercatorY);
      tiles = groupByTile(x, y, given.klass, TILE_ZOOM);
      visible = null;
      layer.setTiles(tiles);
      refreshStatus();
      refreshHexes(true);
    },
    setLayer(key) {
      layerKey = key;
      refreshStatus();
      refreshHexes(true);
    },
    setVisible(mask) {
      visible = mask;
      refreshStatus();
      refreshHexes(true);
    },
    setDay(status) {
      if (!points) return;
      points.day = status;
      if (dayTimer !== undefined) return;
      // Frames come five a second; hexagons are binned anew once a second at most.
      dayTimer = setTimeout(() => {
        dayTimer = undefined;
        refreshStatus();
        const now = performance.now();
        if (now - hexMs < 1000) return;
        hexMs = now;
        refreshHexes(true);
      }, 120);
    },
    setCover(cover, minutes) {
      if (!points) return;
      points.cover = cover;
      points.minutes = minutes;
      refreshStatus();
      refreshHexes(true);
    },
    setPatrol(shares) {
      if (!points) return;
      points.patrol = shares;
      visible = shares.map((share) => (share > 100 ? 0 : 1));
      refreshStatus();
      refreshHexes(true);
    },
    setMarkers(markers) {
      const features = markers.map((marker) => ({
        type: "Feature" as const, properties: { severity: marker.severity, label: marker.label },
        geometry: { type: "Point" as const, coordinates: [marker.lon, marker.lat] },
      }));
      whenStyled(() => source("marker")?.setData({ type: "FeatureCollection", features }));
    },
    setNodes(nodes, links, chosen) {
      whenStyled(() => {
        if (!map.getLayer("node")) addNodes(map, theme, FACE);
        source("node")?.setData(nodeFeatures(nodes, chosen));
        source("path")?.setData(linkFeatures(links));
      });
    },
    setSketches(sketches, fit) {
      whenStyled(() => {
        if (!map.getLayer("sketch-sign")) addSketch(map, theme, FACE);
        source("sketch")?.setData(sketchFeatures(sketches));
        const box = fit ? extent(sketches) : null;
        if (box) map.fitBounds(box, { padding: 48, duration: 0, maxZoom: 14 });
      });
    },
    setDistricts(districts) {
      whenStyled(() => source("hull")?.setData({ type: "FeatureCollection", features: districts.filter((district) => district.hull.length > 2).map(hullOf) }));
    },
    setTowns(towns) {
      const features = towns.map((town) => ({
        type: "Feature" as const, properties: { en: town.name, ur: town.name_ur || town.name, population: town.population },
        geometry: { type: "Point" as const, coordinates: [town.lon_e7 / 1e7, town.lat_e7 / 1e7] },
      }));
      whenStyled(() => source("town")?.setData({ type: "FeatureCollection", features }));
    },
    setBoundaries(geojson) {
      whenStyled(() => source("boundary")?.setData(geojson as GeoJSON));
    },
    setTheme(next) {
      theme = next;
      const paint = PAINT[next];
      whenStyled(() => {
        map.setPaintProperty("ground", "background-color", paint.ground);
        map.setPaintProperty("grid", "line-color", paint.grid);
        map.setPaintProperty("grid-text", "text-color", paint.gridText);
        map.setPaintProperty("hull-fill", "fill-color", paint.hullFill);
        map.setPaintProperty("hull", "line-color", paint.hull);
        map.setPaintProperty("boundary", "line-color", paint.boundary);
        map.setPaintProperty("hull-chosen", "line-color", paint.hullChosen);
        map.setPaintProperty("chosen", "circle-stroke-color", paint.ring);
        map.setPaintProperty("marker", "circle-stroke-color", ["match", ["get", "severity"], 5, paint.grave5, 4, paint.grave4, 3, paint.grave3, paint.grave2]);
        map.setPaintProperty("marker-text", "text-color", paint.town);
        map.setPaintProperty("marker-text", "text-halo-color", paint.halo);
        map.setPaintProperty("town", "text-color", paint.town);
        map.setPaintProperty("town", "text-halo-color", paint.halo);
        if (map.getLayer("node")) paintNodes(map, next);
        if (map.getLayer("sketch-sign")) paintSketch(map, next);
      });
      refreshStatus();
    },
    setLanguage(language) {
      whenStyled(() => map.setLayoutProperty("town", "text-field", ["get", language]));
    },
    select(index) {
      selected = index;
      whenStyled(showSelected);
    },
    showDistrict(district) {
      whenStyled(() => source("chosenHull")?.setData({ type: "FeatureCollection", features: district && district.hull.length > 2 ? [hullOf(district)] : [] }));
      if (!district || district.hull.length === 0) return;
      const lats = district.hull.map(([lat]) => lat / 1e7);
      const lons = district.hull.map(([, lon]) => lon / 1e7);
      map.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: 40, duration: 700, maxZoom: 12 });
    },
    fitNation() {
      map.fitBounds(NATION, { padding: 24, duration: 600 });
    },
    flyTo(lat, lon, zoom) {
      map.flyTo({ center: [lon, lat], zoom: Math.max(zoom, map.getZoom()), duration: 800 });
    },
    destroy() {
      clearTimeout(dayTimer);
      cancelAnimationFrame(frame);
      map.remove();
    },
  };
}
