// How each known node stands, from its paths and from the age of the last thing heard of it. Pure.
import type { NodeRow, Nodes, Paths } from "../../api/types";

/** Up to here a word is fresh; beyond the second a node without a path counts as dark. */
export const FRESH_MS = 15 * 60_000;
export const DARK_MS = 60 * 60_000;

export type NodeIs = "own" | "up" | "doubtful" | "heard" | "aged" | "dark" | "out";
export const NODE_STATES: readonly NodeIs[] = ["own", "up", "doubtful", "heard", "aged", "dark", "out"];
export const SIGN: Record<NodeIs, string> = { own: "◆", up: "●", doubtful: "▲", heard: "○", aged: "◐", dark: "■", out: "✕" };
export const LOOK: Record<NodeIs, string> = { own: "accent", up: "good", doubtful: "warn", heard: "", aged: "warn", dark: "bad", out: "bad" };
/** What stands out first. */
const ORDER: NodeIs[] = ["out", "dark", "doubtful", "aged", "up", "heard", "own"];

type Path = Paths["paths"][number];
export interface Stand { row: NodeRow; is: NodeIs; paths: Path[]; heardMs: number | null; waits: number; at: [number, number] | null }
export interface Link { path: Path; from: [number, number]; to: [number, number]; is: "up" | "doubtful" | "lost" | "unknown" }

const waiting = (path: Path): number => path.queue.reduce((sum, depth) => sum + depth.parcels, 0);

export function stateOf(row: NodeRow, paths: Path[], nowMs: number): NodeIs {
  if (row.marks.includes("own")) return "own";
  if (row.marks.includes("revoked") || row.marks.includes("forked")) return "out";
  const tried = paths.filter((path) => path.state !== "unknown");
  if (tried.some((path) => path.state === "up")) return "up";
  if (tried.some((path) => path.state === "doubtful")) return "doubtful";
  if (tried.length > 0) return "dark";
  const age = row.received_ms === null || row.received_ms === undefined ? Number.POSITIVE_INFINITY : nowMs - row.received_ms;
  return age <= FRESH_MS ? "heard" : age <= DARK_MS ? "aged" : "dark";
}

/** Nodes of one place stand around it, so that each can be seen and chosen. Degrees. */
const RING = 0.34;
function spread(n: number, of: number): [number, number] {
  if (of <= 1) return [0, 0];
  const ring = Math.floor(n / 8) + 1;
  const angle = (2 * Math.PI * (n % 8)) / Math.min(8, of) + ring * 0.4;
  return [RING * ring * Math.cos(angle), RING * ring * Math.sin(angle)];
}

export function stands(nodes: Nodes, paths: Paths, nowMs: number): Stand[] {
  const places = new Map<string, number>();
  const key = (row: NodeRow): string => `${row.lat_e7}/${row.lon_e7}`;
  const counts = new Map<string, number>();
  for (const row of nodes.nodes) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
  const all = nodes.nodes.map((row): Stand => {
    const own = paths.paths.filter((path) => row.paths.includes(path.name));
    const n = places.get(key(row)) ?? 0;
    places.set(key(row), n + 1);
    const [dx, dy] = spread(n, counts.get(key(row)) ?? 1);
    const heard = Math.max(row.received_ms ?? 0, ...own.map((path) => Math.max(path.heard_ms ?? 0, path.delivered_ms ?? 0)));
    const at: [number, number] | null = row.lat_e7 === null || row.lat_e7 === undefined || row.lon_e7 === null || row.lon_e7 === undefined ? null : [row.lon_e7 / 1e7 + dx, row.lat_e7 / 1e7 + dy];
    return { row, is: stateOf(row, own, nowMs), paths: own, heardMs: heard || null, waits: own.reduce((sum, path) => sum + waiting(path), 0), at };
  });
  return all.sort((a, b) => ORDER.indexOf(a.is) - ORDER.indexOf(b.is) || (a.heardMs ?? 0) - (b.heardMs ?? 0));
}

/** A line from this node along each path: to the node at its end, or to the place that it serves. */
export function links(all: Stand[], nodes: Nodes, paths: Paths): Link[] {
  const from = all.find((one) => one.is === "own")?.at;
  if (!from) return [];
  return paths.paths.flatMap((path): Link[] => {
    const end = all.find((one) => one.row.paths.includes(path.name))?.at;
    const place = nodes.ends.find((one) => one.path === path.name);
    const to = end ?? (place ? ([place.lon_e7 / 1e7, place.lat_e7 / 1e7] as [number, number]) : null);
    const is = path.state === "up" || path.state === "doubtful" || path.state === "lost" ? path.state : "unknown";
    return to ? [{ path, from, to, is }] : [];
  });
}
