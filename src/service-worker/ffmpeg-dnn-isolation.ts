/**
 * Entry of a service worker for hosts that cannot send headers: isolates the pages of its folder. Opt-in:
 * copy the built file beside the page, and call `registerIsolation()`.
 */
import { isolatedResponse, needsIsolation, policyOf } from './isolated-response.ts';
import { serviceWorker } from './service-worker-scope.ts';

const { href, origin } = serviceWorker.location;
const policy = policyOf(href);

serviceWorker.addEventListener('install', (event) => {
  event.waitUntil(serviceWorker.skipWaiting());
});
serviceWorker.addEventListener('activate', (event) => {
  event.waitUntil(serviceWorker.clients.claim());
});
serviceWorker.addEventListener('fetch', (event) => {
  if (!needsIsolation(event.request, origin)) return;
  event.respondWith(fetch(event.request).then((response) => isolatedResponse(response, policy)));
});
