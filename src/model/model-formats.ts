/** The list of model formats that are read: a new one is a folder with its record, and a line here. */
import { FileStart } from './file-start.ts';
import { graphdefFormat } from './graphdef/graphdef-format.ts';
import type { ModelFormat } from './model-format.ts';
import { nativeFormat } from './native/native-format.ts';
import { onnxFormat } from './onnx/onnx-format.ts';
import { openvinoFormat } from './openvino/openvino-format.ts';
import { refusedByLook, refusedByMark, type RefusedFormat } from './refused-formats.ts';
import { tfliteFormat } from './tflite/tflite-format.ts';
import { tfjsFormat } from './tfjs/tfjs-format.ts';

/** In the order in which messages name them. */
export const modelFormats = [
  graphdefFormat,
  tfjsFormat,
  openvinoFormat,
  onnxFormat,
  tfliteFormat,
  nativeFormat,
] as const satisfies readonly ModelFormat[];

/** The record of one of them. */
export type KnownFormat = (typeof modelFormats)[number];

/** What a file is: a format that is read, or one that is refused; undefined where it is neither. */
export function recogniseModel(bytes: Uint8Array): KnownFormat | RefusedFormat | undefined {
  const start = new FileStart(bytes);
  return (
    refusedByMark(start) ?? modelFormats.find((format) => format.recognises(start)) ?? refusedByLook(start)
  );
}

/**
 * The files that are read, or looked at, together with one: the other parts of a model, and the model itself
 * beside weights, so that it can be named where these are given in its place.
 *
 * @param name of the file, without folder.
 * @param folder names of all files in its folder.
 * @returns names of files that may be in the folder.
 */
export function filesWith(name: string, folder: readonly string[]): readonly string[] {
  const formats: readonly ModelFormat[] = modelFormats;
  return formats.flatMap(({ filesBeside }) => {
    const model = filesBeside?.modelOf(name);
    return [...(filesBeside?.partsOf(name, folder) ?? []), ...(model === undefined ? [] : [model])];
  });
}
