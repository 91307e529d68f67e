// The service worker of /inspections/. It keeps one page that tells of nobody, and the files which that page needs; every
// other page comes from the server or not at all. VERSION, PAGE and ASSETS are given by the view that loads this file.
"use strict";

const CACHE = `field-${self.VERSION}`;

self.addEventListener("install", (event) => {
  // A page that leads to the log-in is not the page that was asked for.
  const fresh = (url) => new Request(url, { cache: "reload", redirect: "error", credentials: "same-origin" });
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([self.PAGE, ...self.ASSETS].map(fresh));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("field-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

const kept = async (request) => (await (await caches.open(CACHE)).match(request, { ignoreSearch: true })) || fetch(request);

// Without a network any page about visits becomes the page that works without, at the same visit where the address names one.
async function pageOr(request, path) {
  try { return await fetch(request); } catch {
    const visit = /^\/inspections\/(\d+)\//.exec(path);
    return Response.redirect(self.PAGE + (visit ? `#${visit[1]}` : ""));
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname === self.PAGE && request.mode === "navigate") event.respondWith(kept(self.PAGE));
  else if (self.ASSETS.includes(url.pathname)) event.respondWith(kept(request));
  else if (request.mode === "navigate") event.respondWith(pageOr(request, url.pathname));
});
