/** Recognises a model file by its first bytes, and says what to do with those that are not supported. */

/** The formats that are read. */
export type ModelFormat = 'graphdef' | 'tfjs' | 'native';

/** A format that is recognised and refused. */
export interface RefusedFormat {
  /** What the file is. */
  readonly what: string;
  /** What the user can do instead. */
  readonly instead: string;
}

const freezeIt =
  'freeze it into one .pb (convert_variables_to_constants_v2, or freeze_graph for TensorFlow 1)';
const toGraphModel =
  'convert it with `tensorflowjs_converter --output_format=tfjs_graph_model` or freeze it into a .pb';

const latin1 = new TextDecoder('latin1');

/** True where the bytes stand at the offset. */
function has(bytes: Uint8Array, offset: number, ...expected: number[]): boolean {
  return expected.every((byte, index) => bytes[offset + index] === byte);
}

/** Formats told apart by fixed bytes. */
function refuseBinary(bytes: Uint8Array, text: string): RefusedFormat | undefined {
  if (has(bytes, 0, 0x50, 0x4b, 3, 4)) {
    return {
      what: 'a zip archive, as PyTorch (.pt) and Keras 3 (.keras) write them',
      instead: `export it to a TensorFlow SavedModel, then ${toGraphModel}`,
    };
  }
  if (has(bytes, 0, 0x89, 0x48, 0x44, 0x46)) {
    return { what: 'an HDF5 file, as Keras (.h5) writes it', instead: toGraphModel };
  }
  if (text.slice(4, 8) === 'TFL3') {
    return {
      what: 'a TensorFlow Lite model',
      instead: 'give the frozen graph or SavedModel it was made from, as .pb',
    };
  }
  if (has(bytes, 0, 0x08, 0x01, 0x12)) {
    return { what: 'a TensorFlow SavedModel', instead: `its weights are in other files: ${freezeIt}` };
  }
  if (bytes[0] === 0x08 && bytes[1]! <= 0x20) {
    return { what: 'an ONNX model', instead: 'convert it with onnx2tf and freeze the result into a .pb' };
  }
  if (has(bytes, 0, 0x1f, 0x8b)) return { what: 'a gzip file', instead: 'unpack it first' };
  if (has(bytes, 0, 0x80) && bytes[1]! >= 2 && bytes[1]! <= 5) {
    return {
      what: 'a Python pickle, as PyTorch (.pth) writes it',
      instead: `export the network, then ${toGraphModel}`,
    };
  }
  return undefined;
}

/**
 * A model of FFmpeg's native backend: with its header, or as before 4.3 without: small little-endian int32, the number
 * of layers and the type of the first one, or that type and its first field. A GraphDef cannot start that way: its
 * second field would have the number 0.
 */
function isNative(bytes: Uint8Array, text: string): boolean {
  if (text.startsWith('FFMPEGDNNNATIVE')) return true;
  return (
    bytes.length >= 8 && bytes[0]! > 0 && has(bytes, 1, 0, 0, 0) && bytes[4]! <= 8 && has(bytes, 5, 0, 0, 0)
  );
}

/** Formats that are text. */
function refuseText(text: string): RefusedFormat | undefined {
  const start = text.replace(/^ï»¿/, '').trimStart();
  if (
    /^(node|library|versions)\s*:?\s*\{/.test(start) ||
    (start.startsWith('#') && /\bnode\s*\{/.test(start))
  ) {
    return {
      what: 'a TensorFlow graph in text form (.pbtxt)',
      instead: 'write it in binary form: tf.io.write_graph(graph, dir, name, as_text=False)',
    };
  }
  if (/^<!doctype html|^<html/i.test(start)) {
    return { what: 'an HTML page', instead: 'the download went wrong; fetch the model file itself' };
  }
  if (start.startsWith('<?xml') || start.startsWith('<net')) {
    return {
      what: 'an OpenVINO model (.xml)',
      instead: 'give the TensorFlow model it was converted from, as .pb',
    };
  }
  if (start.startsWith('version https://git-lfs')) {
    return { what: 'a Git LFS pointer, not the model', instead: 'run `git lfs pull` to fetch the model' };
  }
  return undefined;
}

/** What the file is: a format that is read, or one that is refused; undefined where it is neither. */
export function recogniseModel(bytes: Uint8Array): ModelFormat | RefusedFormat | undefined {
  if (bytes.length === 0) return { what: 'an empty file', instead: 'fetch or export the model again' };
  const text = latin1.decode(bytes.subarray(0, 1024));
  if (isNative(bytes, text)) return 'native';
  const refused = refuseText(text) ?? refuseBinary(bytes, text);
  if (refused !== undefined) return refused;
  if (/^(ï»¿)?\s*\{/.test(text)) return 'tfjs';
  // Field 1 (node), 2 (library), 3 (version) or 4 (versions) of a GraphDef.
  return bytes[0] === 0x0a || bytes[0] === 0x12 || bytes[0] === 0x18 || bytes[0] === 0x22
    ? 'graphdef'
    : undefined;
}
