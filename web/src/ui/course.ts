// The course of a solve as it is drawn. Pure.
export interface GapPoint { ms: number; objective: number; bound: number }
/** The course of a solve, one point per change, at most 240. */
export function withGap(course: readonly GapPoint[], point: GapPoint): GapPoint[] {
  const last = course[course.length - 1];
  if (last && last.objective === point.objective && last.bound === point.bound) return [...course];
  return [...course, point].slice(-240);
}
