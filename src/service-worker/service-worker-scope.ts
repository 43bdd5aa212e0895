/** The global scope of a script that runs as a service worker. */

// To TypeScript's library for workers it is that of any worker.
declare const self: ServiceWorkerGlobalScope;

export const serviceWorker = self;
