// Lets the browser keep this page's own files, where it can: only an address that it trusts (this machine, or TLS) may.

/** Answers whether the page at this address opens again without the node. `later` fetches what it shows later on. */
export async function keepPage(page: string, later: () => Promise<unknown>): Promise<boolean> {
  if (!("serviceWorker" in navigator) || !isSecureContext) return false;
  try {
    await navigator.serviceWorker.register(`/page-worker.js?page=${page}`, { scope: page });
    const ready = await navigator.serviceWorker.ready;
    // Both languages and their letters, so that a turn of the language works away from the node too.
    await Promise.all([later(), ...[400, 600].map((weight) => document.fonts.load(`${weight} 1em "Noto Naskh Arabic"`, "جائزہ")), document.fonts.load('400 1em "Inter"')]);
    const files = performance.getEntriesByType("resource").map((entry) => new URL(entry.name)).filter((url) => url.origin === location.origin && url.pathname.startsWith("/assets/")).map((url) => url.pathname);
    ready.active?.postMessage({ files: [...new Set(files)] });
    return true;
  } catch {
    return false;
  }
}
