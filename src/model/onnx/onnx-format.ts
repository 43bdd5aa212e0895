/** ONNX models: an .onnx, at times with files of weights beside it. */
import type { ModelLayout } from '../../graph/feed-channels-last.ts';
import type { Shape } from '../../graph/graph.ts';
import type { FileStart } from '../file-start.ts';
import type { ModelFormat } from '../model-format.ts';
import { readOnnxModel } from './read-onnx-model.ts';

/** Channels stand second, but where only the last dimension can be that of a picture's. */
function layout(shape: Shape): ModelLayout {
  if (shape?.length !== 4) return 'nhwc';
  const [, second, , last] = shape as [number, number, number, number];
  return last >= 1 && last <= 4 && (second > 4 || second < 0) ? 'nhwc' : 'nchw';
}

/** Fields of a ModelProto that come before its graph: numbers (1, 5) and texts (2, 3, 4, 6). */
const earlyFields: Readonly<Record<number, number>> = {
  0x08: 0,
  0x28: 0,
  0x12: 2,
  0x1a: 2,
  0x22: 2,
  0x32: 2,
};

/** How much stands before the graph at most. */
const longestHead = 65536;

/**
 * A ModelProto has no mark. It starts with its version; before its graph (field 7), or its opsets (field 8),
 * stand the names of what made it. SavedModel and Core ML start alike, and have no such fields.
 */
function recognises({ bytes }: FileStart): boolean {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 5; shift++) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * 128 ** shift;
      if (byte < 0x80) return value;
    }
    return NaN;
  };
  if (bytes[0] !== 0x08 && bytes[0] !== 0x3a && bytes[0] !== 0x42) return false;
  while (at < Math.min(bytes.length, longestHead)) {
    const tag = bytes[at++]!;
    if (tag === 0x3a || tag === 0x42) return true;
    const kind = earlyFields[tag];
    if (kind === undefined) return false;
    const value = varint();
    if (Number.isNaN(value) || (tag === 0x08 && (value < 1 || value > 64))) return false;
    if (kind === 2) at += value;
  }
  return false;
}

/** Exporters write `m.onnx.data`, `m.onnx_data` or `m.data`. */
const dataName = /[._](data|weights)$/i;

export const onnxFormat = {
  name: 'onnx',
  what: 'an ONNX model',
  files: '.onnx, at times with its weights beside it',
  recognises,
  read: readOnnxModel,
  // As PyTorch's and FFmpeg's models take their pixels.
  conventions: { layout, pixelOrder: 'rgb', defaultBackend: 'onnx' },
  filesBeside: {
    // Their names stand in the .onnx; any may be one.
    partsOf: (name, folder) => (/\.onnx$/i.test(name) ? folder.filter((file) => dataName.test(file)) : []),
    modelOf: (name) => {
      const base = name.replace(dataName, '');
      return base === name ? undefined : base.replace(/(\.onnx)?$/i, '.onnx');
    },
  },
} as const satisfies ModelFormat;
