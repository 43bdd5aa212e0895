/** The headers that isolate a page, on responses of a host that does not send them. */

/**
 * What becomes of files of other origins that do not allow their use: refused, or fetched without cookies.
 */
export type EmbedderPolicy = 'require-corp' | 'credentialless';

/**
 * Whether the browser looks for the headers on the response: on pages and frames, and on the scripts that
 * start workers. Everything else passes without us, with its ranges, streams and bodies.
 *
 * @param origin of the service worker.
 */
export function needsIsolation(
  request: Pick<Request, 'url' | 'method' | 'mode' | 'destination'>,
  origin: string,
): boolean {
  const isLooked =
    request.mode === 'navigate' || request.destination === 'worker' || request.destination === 'sharedworker';
  return isLooked && request.method === 'GET' && new URL(request.url).origin === origin;
}

/**
 * The response with the headers; the body is handed on as it streams. A header that
 * the host sends stays as it is.
 */
export function isolatedResponse(response: Response, policy: EmbedderPolicy): Response {
  // A redirect, or an answer of another origin: nothing of it can be read or changed.
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  if (!headers.has('Cross-Origin-Opener-Policy')) headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  if (!headers.has('Cross-Origin-Embedder-Policy')) headers.set('Cross-Origin-Embedder-Policy', policy);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

/** The policy that the service worker's own URL asks for: `…js?coep=credentialless`. */
export function policyOf(url: string): EmbedderPolicy {
  return new URL(url).searchParams.get('coep') === 'credentialless' ? 'credentialless' : 'require-corp';
}
