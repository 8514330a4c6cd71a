// How each layer looks: shape and colour per station, and the share by which hexagons are coloured.
import { DAY } from "../api/day";
import { FLAG, type Points } from "../api/points";
import type { LayerKey, Shape, Theme } from "./types";

export const SHAPE_CODE: Record<Shape, number> = { circle: 0, diamond: 1, square: 2, triangle: 3 };

export interface LegendItem { shape: Shape; colour: string; word: string }
export interface Look {
  /** What a point can be, in rising gravity. `word` is a key of the dictionaries. */
  items: LegendItem[];
  /** Which item a station is. */
  item: (points: Points, index: number) => number;
  /** Whether it counts as an exception in a hexagon. */
  exception: (points: Points, index: number) => boolean;
  hexWord: string;
  /** Upper bounds of the hexagon steps, as shares; the last step is open. */
  steps: [number, number, number, number];
}

const TONE = {
  dark: { calm: "#8ab4dc", teal: "#4fc3a1", amber: "#f2c53d", orange: "#ff9457", pink: "#ff6fa3", violet: "#c79bff", grey: "#8a98a8" },
  light: { calm: "#2f6fa8", teal: "#0b7a5b", amber: "#946200", orange: "#b84a00", pink: "#c2185b", violet: "#6b3fc2", grey: "#5b6876" },
} as const;
const RAMP: Record<Theme, [string, string, string, string, string]> = {
  dark: ["#35597c", "#6a78b8", "#a77cc0", "#e0739f", "#ff9d6b"],
  light: ["#a9c4dd", "#7d95cf", "#9a62b5", "#bd3b82", "#a8201a"],
};

export function ramp(theme: Theme): [string, string, string, string, string] {
  return RAMP[theme];
}
export function classTone(theme: Theme): [string, string, string] {
  return [TONE[theme].calm, TONE[theme].amber, TONE[theme].pink];
}

export function lookOf(layer: LayerKey, theme: Theme): Look {
  const tone = TONE[theme];
  const at = (column: Uint8Array, index: number): number => column[index] ?? 0;
  switch (layer) {
    case "class":
      return {
        items: [
          { shape: "circle", colour: tone.calm, word: "class.normal" },
          { shape: "diamond", colour: tone.amber, word: "class.sensitive" },
          { shape: "square", colour: tone.pink, word: "class.most" },
        ],
        item: (points, index) => Math.min(2, at(points.klass, index)),
        exception: (points, index) => at(points.klass, index) === 2,
        hexWord: "hex.most",
        steps: [0.1, 0.2, 0.35, 0.5],
      };
    case "score": {
      const colours = ramp(theme);
      const words = ["score.0", "score.1", "score.2", "score.3", "score.4"];
      const shapes: Shape[] = ["circle", "circle", "diamond", "triangle", "square"];
      return {
        items: words.map((word, i) => ({ shape: shapes[i] ?? "circle", colour: colours[i] ?? colours[0], word })),
        item: (points, index) => scoreStep((points.score[index] ?? 0) / 100),
        exception: (points, index) => (points.score[index] ?? 0) >= 5000,
        hexWord: "hex.score",
        steps: [0.05, 0.15, 0.3, 0.5],
      };
    }
    case "data":
      return {
        items: [
          { shape: "circle", colour: tone.teal, word: "data.complete" },
          { shape: "diamond", colour: tone.amber, word: "data.provisional" },
          { shape: "triangle", colour: tone.orange, word: "data.estimated" },
        ],
        item: (points, index) => (at(points.flags, index) & FLAG.estimated ? 2 : at(points.flags, index) & FLAG.provisional ? 1 : 0),
        exception: (points, index) => (at(points.flags, index) & (FLAG.provisional | FLAG.estimated)) !== 0,
        hexWord: "hex.data",
        steps: [0.1, 0.25, 0.5, 0.75],
      };
    case "official":
      return {
        items: [
          { shape: "circle", colour: tone.calm, word: "official.agrees" },
          { shape: "triangle", colour: tone.grey, word: "official.none" },
          { shape: "square", colour: tone.pink, word: "official.disagrees" },
        ],
        item: (points, index) => (at(points.flags, index) & FLAG.disagrees ? 2 : at(points.flags, index) & FLAG.official ? 0 : 1),
        exception: (points, index) => (at(points.flags, index) & FLAG.disagrees) !== 0,
        hexWord: "hex.official",
        steps: [0.1, 0.25, 0.5, 0.75],
      };
    case "shortfall":
      return {
        items: [
          { shape: "circle", colour: tone.teal, word: "short.none" },
          { shape: "triangle", colour: tone.orange, word: "short.some" },
          { shape: "square", colour: tone.pink, word: "short.minimum" },
        ],
        item: (points, index) => Math.min(2, at(points.shortfall, index)),
        exception: (points, index) => at(points.shortfall, index) > 0,
        hexWord: "hex.short",
        steps: [0.05, 0.15, 0.3, 0.5],
      };
    case "patrol": {
      const colours = ramp(theme);
      const words = ["patrol.share.0", "patrol.share.1", "patrol.share.2", "patrol.share.3", "patrol.share.4"];
      const shapes: Shape[] = ["circle", "circle", "diamond", "triangle", "square"];
      return {
        items: words.map((word, i) => ({ shape: shapes[i] ?? "circle", colour: i === 0 ? tone.grey : (colours[i] ?? colours[0]), word })),
        item: (points, index) => patrolStep(points.patrol?.[index] ?? 0),
        exception: (points, index) => patrolStep(points.patrol?.[index] ?? 0) >= 3,
        hexWord: "hex.patrol",
        steps: [0.05, 0.15, 0.3, 0.5],
      };
    }
    case "day":
      return {
        items: [
          { shape: "circle", colour: tone.grey, word: "ladder.waiting" },
          { shape: "circle", colour: tone.teal, word: "ladder.heard" },
          { shape: "circle", colour: tone.calm, word: "ladder.due" },
          { shape: "diamond", colour: tone.amber, word: "ladder.late" },
          { shape: "triangle", colour: tone.orange, word: "ladder.red" },
          { shape: "square", colour: tone.pink, word: "ladder.dark" },
          { shape: "square", colour: tone.violet, word: "ladder.incident" },
        ],
        item: (points, index) => dayItem(points.day?.[index] ?? 0),
        exception: (points, index) => dayItem(points.day?.[index] ?? 0) >= 4,
        hexWord: "hex.day",
        steps: [0.02, 0.1, 0.25, 0.5],
      };
    case "cover":
      return {
        items: [
          { shape: "circle", colour: tone.teal, word: "cover.twice" },
          { shape: "circle", colour: tone.calm, word: "cover.once" },
          { shape: "diamond", colour: tone.amber, word: "cover.late" },
          { shape: "triangle", colour: tone.orange, word: "cover.beyond" },
          { shape: "square", colour: tone.grey, word: "cover.none" },
          { shape: "square", colour: tone.pink, word: "cover.lost" },
        ],
        item: (points, index) => coverItem(points.cover?.[index] ?? 0),
        exception: (points, index) => coverItem(points.cover?.[index] ?? 0) >= 2,
        hexWord: "hex.cover",
        steps: [0.2, 0.4, 0.6, 0.8],
      };
    case "wait": {
      const colours = ramp(theme);
      const words = ["wait.0", "wait.1", "wait.2", "wait.3", "wait.4"];
      const shapes: Shape[] = ["circle", "circle", "diamond", "triangle", "square"];
      return {
        items: words.map((word, i) => ({ shape: shapes[i] ?? "circle", colour: colours[i] ?? colours[0], word })),
        item: (points, index) => waitStep(points.minutes?.[index] ?? 255),
        exception: (points, index) => (points.minutes?.[index] ?? 255) > 30,
        hexWord: "hex.wait",
        steps: [0.1, 0.25, 0.5, 0.75],
      };
    }
  }
}

/** From a basing's code to the legend; stations that do not vote are not shown. */
function coverItem(code: number): number {
  return Math.max(0, (code & 7) - 1);
}
/** Steps of the response time's legend: up to 10, 20, 30, 60 minutes, and more. */
export function waitStep(minutes: number): number {
  return minutes <= 10 ? 0 : minutes <= 20 ? 1 : minutes <= 30 ? 2 : minutes <= 60 ? 3 : 4;
}

/** From the day's byte to the legend: an open incident outranks the ladder, of which red and district are one. */
function dayItem(byte: number): number {
  if (byte & DAY.incident) return 6;
  const stage = byte & DAY.stage;
  return stage < 5 ? stage : stage - 1;
}

/** Steps of the patrols' legend, in hundredths of the days: never, under 2, 10, 33, and above. */
export function patrolStep(share: number): number {
  return share === 0 || share > 100 ? 0 : share < 2 ? 1 : share < 10 ? 2 : share < 33 ? 3 : 4;
}
/** Steps of the score's legend: under 20, 32, 50, 65, and above. Two of them are the classes' usual thresholds. */
export function scoreStep(score: number): number {
  return score < 20 ? 0 : score < 32 ? 1 : score < 50 ? 2 : score < 65 ? 3 : 4;
}
export function shareStep(share: number, steps: readonly number[]): number {
  let step = 0;
  while (step < steps.length && share >= (steps[step] ?? 1)) step += 1;
  return step;
}

/** `#rrggbb` to 0..1 parts. */
export function rgb(colour: string): [number, number, number] {
  const n = Number.parseInt(colour.slice(1), 16);
  return [((n >> 16) & 255) / 255, ((n >> 8) & 255) / 255, (n & 255) / 255];
}
