/**
 * The response headers that the pages need; the dev server, the preview, the command line
 * and public/_headers share them.
 */

/** Cross-origin isolation: without these two a page has no SharedArrayBuffer. */
export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * Scripts, wasm and workers only from the page's own origin: no eval, no blob: workers, no inline
 * script or style. blob: is allowed for pictures and video alone, which is how a page shows a
 * result that never left the browser.
 */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
].join('; ');

export const pageHeaders = { ...isolationHeaders, 'Content-Security-Policy': contentSecurityPolicy };
