/** Prepares values that structured cloning alone would copy or refuse, for a call into a worker. */
import { proxy, transfer, type ProxyMarked } from 'comlink';
import type { OutputTarget } from '../media/output/output-target.ts';
import type { ExecRequest } from './pipeline-api.ts';
import type { WriterOutputs } from './writer-api.ts';

/** Functions that the worker calls back; freed with the worker. */
export function proxied<T extends object>(value: T): T & ProxyMarked {
  return proxy(value);
}

/** A value of which these objects are transferred: nobody on this side may use them any more. */
export function transferred<T>(value: T, objects: readonly Transferable[]): T {
  return transfer(value, [...objects]);
}

/** Streams are transferred: whoever gave one to `exec` must not use it any more. */
export function transferTargets(request: ExecRequest): ExecRequest {
  return transfer(
    request,
    request.outputs.flatMap(({ target }) => streamsOf(target)),
  );
}

/** The same on the way to the writer worker. */
export function transferOutputs(outputs: WriterOutputs): WriterOutputs {
  return transfer(outputs, [...outputs.targets.values()].flatMap(streamsOf));
}

function streamsOf(target: OutputTarget): WritableStream[] {
  return target instanceof WritableStream ? [target] : [];
}
