import type { DrillMeasured } from "../../api/types";

/** An exercise's file; null for anything else. What it says is the node's to judge. */
export function measuredOf(text: string): DrillMeasured | null {
  try {
    const found: unknown = JSON.parse(text);
    if (!found || typeof found !== "object") return null;
    const file = found as Partial<DrillMeasured>;
    const whole = typeof file.exercise === "string" && typeof file.area === "string" && typeof file.trace === "string" && typeof file.stations === "number" && Array.isArray(file.paths) && Array.isArray(file.failures);
    return whole ? (file as DrillMeasured) : null;
  } catch {
    return null;
  }
}
