// Web Mercator, tiles with their own origin, and hexagons. Pure, so that tests can hold it to account.

/** Degrees to the unit square of Web Mercator. */
export function mercatorX(lon: number): number {
  return (lon + 180) / 360;
}
export function mercatorY(lat: number): number {
  const bounded = Math.max(-85.0511, Math.min(85.0511, lat));
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + (bounded * Math.PI) / 360)) / (2 * Math.PI);
}

export interface Tile {
  x: number;
  y: number;
  /** Range in `order`. */
  from: number;
  to: number;
}
export interface Tiles {
  zoom: number;
  tiles: Tile[];
  /** Point indices, tile by tile; inside a tile by rank, so that the graver are drawn last. */
  order: Uint32Array;
  /** Pairs inside the tile, 0 to 1, in the order of `order`: float32 keeps them to the width of a hand. */
  local: Float32Array;
}

/** Groups points by tile. A coordinate relative to its tile keeps its precision at every zoom. */
export function groupByTile(x: Float64Array, y: Float64Array, rank: Uint8Array, zoom: number): Tiles {
  const side = 2 ** zoom;
  const count = x.length;
  const key = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    key[i] = Math.floor((y[i] ?? 0) * side) * side + Math.floor((x[i] ?? 0) * side);
  }
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  order.sort((a, b) => (key[a] ?? 0) - (key[b] ?? 0) || (rank[a] ?? 0) - (rank[b] ?? 0) || a - b);
  const local = new Float32Array(count * 2);
  const tiles: Tile[] = [];
  let current: Tile | null = null;
  let currentKey = -1;
  for (let at = 0; at < count; at += 1) {
    const i = order[at] ?? 0;
    const k = key[i] ?? 0;
    if (!current || k !== currentKey) {
      current = { x: k % side, y: Math.floor(k / side), from: at, to: at };
      currentKey = k;
      tiles.push(current);
    }
    current.to = at + 1;
    local[at * 2] = (x[i] ?? 0) * side - current.x;
    local[at * 2 + 1] = (y[i] ?? 0) * side - current.y;
  }
  return { zoom, tiles, order, local };
}

export interface Hexes {
  count: number;
  /** Circumradius in the unit square. */
  radius: number;
  x: Float64Array;
  y: Float64Array;
  stations: Uint32Array;
  exceptions: Uint32Array;
  scoreSum: Float64Array;
  of: Map<number, number>;
}

const SQRT3 = Math.sqrt(3);
const SPAN = 1 << 20;

/** The axial cell of a point in a pointy-top grid. */
export function hexCell(x: number, y: number, radius: number): [number, number] {
  const q = ((SQRT3 / 3) * x - y / 3) / radius;
  const r = ((2 / 3) * y) / radius;
  let rq = Math.round(q);
  let rr = Math.round(r);
  const rs = Math.round(-q - r);
  const dq = Math.abs(rq - q);
  const dr = Math.abs(rr - r);
  const ds = Math.abs(rs + q + r);
  if (dq > dr && dq > ds) rq = -rr - rs;
  else if (dr > ds) rr = -rq - rs;
  return [rq, rr];
}
export function hexKey(q: number, r: number): number {
  return (q + SPAN / 2) * SPAN + (r + SPAN / 2);
}

/** Counts stations and exceptions per hexagon. Every visible station falls in exactly one. */
export function binHexes(
  x: Float64Array, y: Float64Array, score: Uint16Array, exception: Uint8Array, visible: Uint8Array | null, radius: number,
): Hexes {
  const of = new Map<number, number>();
  const xs: number[] = [];
  const ys: number[] = [];
  const stations: number[] = [];
  const exceptions: number[] = [];
  const scoreSum: number[] = [];
  for (let i = 0; i < x.length; i += 1) {
    if (visible && !visible[i]) continue;
    const [q, r] = hexCell(x[i] ?? 0, y[i] ?? 0, radius);
    const key = hexKey(q, r);
    let at = of.get(key);
    if (at === undefined) {
      at = xs.length;
      of.set(key, at);
      xs.push(radius * SQRT3 * (q + r / 2));
      ys.push(radius * 1.5 * r);
      stations.push(0);
      exceptions.push(0);
      scoreSum.push(0);
    }
    stations[at] = (stations[at] ?? 0) + 1;
    exceptions[at] = (exceptions[at] ?? 0) + (exception[i] ? 1 : 0);
    scoreSum[at] = (scoreSum[at] ?? 0) + (score[i] ?? 0);
  }
  return {
    count: xs.length, radius, x: Float64Array.from(xs), y: Float64Array.from(ys), stations: Uint32Array.from(stations),
    exceptions: Uint32Array.from(exceptions), scoreSum: Float64Array.from(scoreSum), of,
  };
}

/** Lines of latitude and longitude every `step` degrees. */
export function graticule(south: number, west: number, north: number, east: number, step: number): [number, number][][] {
  const lines: [number, number][][] = [];
  for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step) lines.push([[lon, south], [lon, north]]);
  for (let lat = Math.ceil(south / step) * step; lat <= north; lat += step) lines.push([[west, lat], [east, lat]]);
  return lines;
}

/** The nearest visible point within `reach` (unit square), or -1. */
export function nearest(x: Float64Array, y: Float64Array, visible: Uint8Array | null, atX: number, atY: number, reach: number): number {
  let best = -1;
  let bestSquare = reach * reach;
  for (let i = 0; i < x.length; i += 1) {
    const dx = (x[i] ?? 0) - atX;
    if (dx > reach || dx < -reach) continue;
    const dy = (y[i] ?? 0) - atY;
    const square = dx * dx + dy * dy;
    if (square <= bestSquare && (!visible || visible[i])) {
      best = i;
      bestSquare = square;
    }
  }
  return best;
}
