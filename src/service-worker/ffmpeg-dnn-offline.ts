/**
 * Entry of the demo's service worker: the demo works without a network after the first
 * visit, and on hosts without headers.
 */
import { isolatedResponse, needsIsolation, policyOf } from './isolated-response.ts';
import { OfflineCache } from './offline-cache.ts';
import { offlineAnswer, type OfflineFiles } from './offline-files.ts';
import { serviceWorker } from './service-worker-scope.ts';

/** Put in by the build. */
declare const offlineFiles: OfflineFiles;

const { href, origin } = serviceWorker.location;
const policy = policyOf(href);
const cache = new OfflineCache(offlineFiles, href);

// A new version waits until no page of the old one is left, which may still ask for its files.
serviceWorker.addEventListener('install', (event) => {
  event.waitUntil(cache.fill());
});
serviceWorker.addEventListener('activate', (event) => {
  event.waitUntil(cache.removeOlder().then(() => serviceWorker.clients.claim()));
});
serviceWorker.addEventListener('fetch', (event) => {
  const { request } = event;
  const answer = offlineAnswer(offlineFiles, request, href);
  const isolates = needsIsolation(request, origin);
  if (answer === undefined && !isolates) return;
  const alongside = (work: Promise<unknown>): void => {
    event.waitUntil(work);
  };
  const responding = answer === undefined ? fetch(request) : cache.answer(request, answer, alongside);
  event.respondWith(
    responding.then((response) => (isolates ? isolatedResponse(response, policy) : response)),
  );
});
