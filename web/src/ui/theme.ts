// The page's colours. before.js sets those of last time before the first paint.
export type Theme = "dark" | "light";

export const themeNow = (): Theme => (document.documentElement.dataset["theme"] === "light" ? "light" : "dark");
/** Takes colours into use, and keeps them for the next time. */
export function setTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem("pehra-theme", theme);
  } catch {
    // a browser that keeps nothing follows the system again
  }
}
