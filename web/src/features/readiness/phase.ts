/** How an area stands, the worst first, each with a shape of its own. */
export const PHASES = [
  { phase: "stopped", look: "bad", sign: "■" },
  { phase: "blocked", look: "bad", sign: "▲" },
  { phase: "untried", look: "warn", sign: "○" },
  { phase: "short", look: "warn", sign: "◐" },
  { phase: "ready", look: "good", sign: "✓" },
] as const;
