// Dates as fields of forms and the record write them.

/** Pakistan's time: five hours before Greenwich, all year. */
export const ZONE_MS = 5 * 3_600_000;

/** The date in Pakistan, `2024-02-08`. */
export const dateOf = (ms: number): string => new Date(ms + ZONE_MS).toISOString().slice(0, 10);
