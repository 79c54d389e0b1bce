/* What is there when the page has settled: names only, in this frame. */
async () => {
  const found = { stores: [], links: [], forms: 0, embeds: [], pixels: [] };
  for (const kind of ['localStorage', 'sessionStorage']) {
    try { for (let i = 0; i < window[kind].length; i += 1) found.stores.push([kind, window[kind].key(i)]); } catch { /* an opaque origin */ }
  }
  try { for (const db of await indexedDB.databases()) found.stores.push(['indexedDB', db.name]); } catch { /* forbidden here */ }
  try { for (const name of await caches.keys()) found.stores.push(['cacheStorage', name]); } catch { /* no secure context */ }
  try {
    const root = await navigator.storage.getDirectory();
    for await (const name of root.keys()) found.stores.push(['fileSystem', name]);
  } catch { /* no secure context */ }
  try { for (const r of await navigator.serviceWorker.getRegistrations()) found.stores.push(['serviceWorker', r.scope]); } catch { /* no secure context */ }
  for (const a of document.querySelectorAll('a[href], area[href]')) {
    found.links.push(a.href);
    if (a.ping) found.embeds.push(['ping', a.ping]);
  }
  found.forms = document.forms.length;
  for (const [query, attribute] of [['iframe[src]', 'src'], ['frame[src]', 'src'], ['object[data]', 'data'], ['embed[src]', 'src'], ['script[src]', 'src']]) {
    for (const e of document.querySelectorAll(query)) found.embeds.push([e.tagName.toLowerCase(), e[attribute]]);
  }
  for (const l of document.querySelectorAll('link[rel]')) {
    if (/preconnect|dns-prefetch|prefetch|prerender|preload/i.test(l.rel)) found.embeds.push([l.rel, l.href]);
  }
  for (const i of document.images) {
    if (i.complete && i.naturalWidth > 0 && i.naturalWidth <= 2 && i.naturalHeight <= 2 && /^https?:/.test(i.src)) found.pixels.push(i.src);
  }
  return found;
}
