// Keeps one page's own files, so that it opens again without the node. It never answers for the node's data. The page
// says in this file's address which one it is.
const PAGE = new URL(self.location.href).searchParams.get("page");
const SHELF = `pehra-page${PAGE}`;
const BESIDE = ["/before.js", "/mark.svg"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll([PAGE, ...BESIDE])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page says which built files it needs: those are kept, files of older builds go.
self.addEventListener("message", (event) => {
  const files = Array.isArray(event.data?.files) ? event.data.files.filter((name) => typeof name === "string" && name.startsWith("/assets/")) : [];
  if (files.length > 0) event.waitUntil(keep(files));
});
async function keep(files) {
  const shelf = await caches.open(SHELF);
  const wanted = new Set(files);
  const held = new Set();
  for (const request of await shelf.keys()) {
    const name = new URL(request.url).pathname;
    if (name.startsWith("/assets/") && !wanted.has(name)) await shelf.delete(request);
    else held.add(name);
  }
  await shelf.addAll(files.filter((name) => !held.has(name)));
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/api")) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(heldFirst(event.request));
  else if (url.pathname === PAGE || BESIDE.includes(url.pathname)) event.respondWith(nodeFirst(url.pathname, event.request));
});
async function heldFirst(request) {
  return (await (await caches.open(SHELF)).match(request)) ?? fetch(request);
}
async function nodeFirst(name, request) {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await fetch(request);
    if (answer.ok) await shelf.put(name, answer.clone());
    return answer;
  } catch (error) {
    const held = await shelf.match(name);
    if (held) return held;
    throw error;
  }
}
