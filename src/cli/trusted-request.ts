/** Who may ask the page server: the command line's own browser on its own address, and nobody else. */
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Why a request is refused; undefined for one of the command line's own page. A page of another site reaches
 * this server by its address (then `Origin` or `Sec-Fetch-Site` tells it), or by a name that it lets point to
 * this machine (then `Host` does).
 *
 * @param host the server's own address and port, as in a URL.
 */
export function refusedRequest(headers: IncomingHttpHeaders, host: string): string | undefined {
  if (headers.host !== host) return `this server answers as ${host} only`;
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`) return 'this server answers its own page only';
  const site = headers['sec-fetch-site'] ?? 'none';
  return site === 'none' || site === 'same-origin' ? undefined : 'this server answers its own page only';
}
