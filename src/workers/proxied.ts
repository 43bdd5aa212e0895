/** Prepares values that structured cloning alone would copy or refuse, for a call into a worker. */
import { proxy, transfer, type ProxyMarked } from 'comlink';
import type { ExecRequest } from './pipeline-api.ts';

/** Functions that the worker calls back; freed with the worker. */
export function proxied<T extends object>(value: T): T & ProxyMarked {
  return proxy(value);
}

/** Streams are transferred: whoever gave one to `exec` must not use it any more. */
export function transferTargets(request: ExecRequest): ExecRequest {
  const streams = request.outputs.flatMap(({ target }) => (target instanceof WritableStream ? [target] : []));
  return transfer(request, streams);
}
