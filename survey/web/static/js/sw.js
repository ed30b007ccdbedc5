// Keeps the pages of enrolled devices at hand while there is no network (O10, O12). Served at /sw.js, where the
// server writes SHELL before this text: { version, assets: [addresses], pages: [{ under, page, first }] }.
// `under` is where a page's addresses begin, `page` the address that is kept, `first` is "kept" or "network".
// It touches nothing else: no POST, no personal link, no answer. Questionnaires are kept by the devices' own database.

const SHELL = self.SHELL;
const CACHE = `shell-${SHELL.version}`;
const KEPT = new Set([...SHELL.assets, ...SHELL.pages.map(({ page }) => page)]);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all([...KEPT].map((address) => fetched(cache, address)))));
});

// A newer version waits here until a page says that no form is open ("skip-waiting"), or all are closed.
self.addEventListener("message", (event) => {
  if (event.data === "skip-waiting") self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("shell-") && name !== CACHE);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const address = new URL(event.request.url);
  if (address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    const shell = SHELL.pages.find(({ under }) => address.pathname.startsWith(under));
    if (shell) event.respondWith(shell.first === "kept" ? kept(shell.page, event.request) : network(shell.page, event.request));
  } else if (KEPT.has(address.pathname + address.search)) {
    event.respondWith(kept(address.pathname + address.search, event.request));
  }
});

// Only what this site itself answered in full is kept: never a redirect, never a sign-in page of the network.
async function fetched(cache, address) {
  const answer = await fetch(address, { cache: "reload", credentials: "same-origin" });
  if (answer.ok && !answer.redirected) return cache.put(address, answer);
  if (SHELL.assets.includes(address)) throw new Error(address);
}

async function kept(address, request) {
  return (await (await caches.open(CACHE)).match(address)) ?? fetch(request);
}

async function network(page, request) {
  try {
    const answer = await fetch(request);
    if (answer.status < 500) return answer;
  } catch {
    // no network: below
  }
  return (await (await caches.open(CACHE)).match(page)) ?? Response.error();
}
