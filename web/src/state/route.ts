// The address holds the state of the screen: #/risk?station=SYN-000012. Pure.

export const SCREENS = ["risk", "deploy", "reserves", "convoys", "packs", "draw", "patrols", "comms", "imports", "surveys", "readiness", "training", "campaigns", "community", "findings", "figures", "parameters", "persons", "keys", "conflicts", "custody", "intelligence", "orders", "alerts", "dispatch", "devices", "public", "carriers", "drill", "trainer", "replay", "observer", "wall", "net", "run", "prove"] as const;
export type Screen = (typeof SCREENS)[number];
/** What is done before the day, on it, and to show what was done: a screen belongs to one of them. */
export const STAGES = {
  plan: ["risk", "deploy", "reserves", "convoys", "packs", "draw", "patrols", "comms", "training", "trainer", "campaigns", "community", "readiness", "imports", "surveys", "figures", "parameters", "persons", "keys"],
  run: ["run", "net", "dispatch", "custody", "intelligence", "alerts", "orders", "devices", "public", "carriers", "conflicts", "drill", "wall"],
  prove: ["prove", "findings", "replay", "observer"],
} as const satisfies Record<string, readonly Screen[]>;
export type Stage = keyof typeof STAGES;
export const stageOf = (screen: Screen): Stage => (Object.keys(STAGES) as Stage[]).find((stage) => (STAGES[stage] as readonly Screen[]).includes(screen)) ?? "plan";

export interface Route { screen: Screen; with: Record<string, string> }

export function readRoute(hash: string): Route {
  const [path = "", rest = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const screen = SCREENS.find((name) => name === path) ?? "risk";
  return { screen, with: Object.fromEntries(new URLSearchParams(rest)) };
}
export function writeRoute(route: Route): string {
  const parts = new URLSearchParams(Object.entries(route.with).filter(([, value]) => value !== "")).toString();
  return `#/${route.screen}${parts ? `?${parts}` : ""}`;
}
