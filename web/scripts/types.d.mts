export const TARGET: URL;
export function typesOfDocument(): Promise<string>;
