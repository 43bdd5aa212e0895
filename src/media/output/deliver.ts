/** Brings an output to its target once it is complete. */
import { HttpFile } from './http-file.ts';
import { isHttpTarget, isStreamTarget, type OutputTarget } from './output-target.ts';

/** Copies a complete output to its target. */
export async function deliver(blob: Blob, target: OutputTarget, path: string): Promise<void> {
  if (isHttpTarget(target)) {
    const file = new HttpFile(target.url, path);
    let offset = 0;
    const reader = blob.stream().getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      await file.write(offset, part.value);
      offset += part.value.length;
    }
    await file.finish();
    return;
  }
  const stream = isStreamTarget(target) ? target : await target.createWritable();
  await blob.stream().pipeTo(stream);
}
