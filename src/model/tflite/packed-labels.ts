/** Names of classes in the zip archive, not packed, that TFLite's metadata writer puts behind a model. */
import { plainMember } from '../zip-members.ts';

/** More occur only in damaged files. */
const maximumLabels = 65536;

/**
 * The lines of the first text file in it whose name says that it holds labels; undefined where there is none.
 *
 * @param bytes all of the .tflite.
 */
export function packedLabels(bytes: Uint8Array): string[] | undefined {
  const text = plainMember(bytes, /label.*\.txt$/i);
  if (text === undefined) return undefined;
  const labels = new TextDecoder().decode(text).trimEnd().split(/\r?\n/);
  return labels.length > maximumLabels ? undefined : labels.map((label) => label.trim());
}
