// What the live stream says about jobs, folded. Pure.
import type { Job } from "../api/types";

/** Newest first; a job that is told again replaces itself. */
export function withJob(jobs: readonly Job[], job: Job): Job[] {
  const rest = jobs.filter((other) => other.id !== job.id);
  return [job, ...rest].sort((a, b) => b.started_ms - a.started_ms || b.id.localeCompare(a.id));
}
export function running(jobs: readonly Job[]): Job[] {
  return jobs.filter((job) => job.state === "running");
}
/** 0 to 1, or null when the end is not known. */
export function share(job: Job): number | null {
  if (job.state === "done") return 1;
  return job.total > 0 ? Math.min(1, job.done / job.total) : null;
}
/** The gap as a share of the objective, from above or from below; null before there is a bound. */
export function gapShare(job: Job): number | null {
  if (!job.bound) return null;
  const { objective, dual_bound: bound } = job.bound;
  const size = Math.max(Math.abs(objective), 1);
  return Math.abs(objective - bound) / size;
}
