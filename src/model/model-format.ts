/** Recognises a model file by its first bytes, and says what to do with those that are not supported. */
import { containerMembers } from './zip-members.ts';

/** The formats that are read. */
export type ModelFormat = 'graphdef' | 'tfjs' | 'native' | 'openvino';

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
const toOnnx =
  'export the network in Python with torch.onnx.export, convert that with `ovc model.onnx` and give the .xml';

const latin1 = new TextDecoder('latin1');

/** How much of a file is looked at to tell whether it is text. */
const textBytes = 4096;

/**
 * True for text: a GraphDef may start like some (its first byte is a line feed, its second one any character), but no
 * node of one is without control characters.
 */
function isText(bytes: Uint8Array): boolean {
  const isControl = (byte: number): boolean => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
  return !bytes.subarray(0, textBytes).some(isControl);
}

/** True where the bytes stand at the offset. */
function has(bytes: Uint8Array, offset: number, ...expected: number[]): boolean {
  return expected.every((byte, index) => bytes[offset + index] === byte);
}

/** A zip archive, by the files in it. */
function refuseZip(bytes: Uint8Array): RefusedFormat {
  const members = containerMembers(bytes);
  const any = (pattern: RegExp): boolean => members.some((name) => pattern.test(name));
  if (any(/(^|\/)constants\.pkl$/) || any(/(^|\/)code\//)) {
    return { what: 'a TorchScript model (.pt)', instead: toOnnx };
  }
  if (any(/(^|\/)data\.pkl$/)) return { what: 'a PyTorch checkpoint (.pt, .pth)', instead: toOnnx };
  if (any(/^metadata\.json$/) && any(/^config\.json$/)) {
    return {
      what: 'a Keras 3 model (.keras)',
      instead: `export it to a SavedModel (model.export), then ${toGraphModel}`,
    };
  }
  if (any(/\.mlpackage\/|(^|\/)Manifest\.json$|\.mlmodel$/)) {
    return { what: 'a Core ML package', instead: 'give the model it was converted from, as a frozen .pb' };
  }
  return {
    what: 'a zip archive, as PyTorch (.pt) and Keras 3 (.keras) write them',
    instead: `unpack it, or export the model to a TensorFlow SavedModel, then ${toGraphModel}`,
  };
}

/** safetensors: the length of a JSON header as uint64, and the header, an object. */
function isSafetensors(bytes: Uint8Array): boolean {
  return (
    bytes.length > 9 &&
    has(bytes, 4, 0, 0, 0, 0) &&
    bytes[8] === 0x7b &&
    (bytes[9] === 0x22 || bytes[9] === 0x7d)
  );
}

/**
 * Protobuf whose first field is a number: SavedModel (saved_model_schema_version), ONNX (ir_version) and Core ML
 * (specificationVersion). A GraphDef starts with no such field 1.
 */
function refuseProtobuf(bytes: Uint8Array): RefusedFormat | undefined {
  if (bytes[0] !== 0x08 || bytes[1]! > 0x20) return undefined;
  if (has(bytes, 1, 0x01, 0x12)) {
    return { what: 'a TensorFlow SavedModel', instead: `its weights are in other files: ${freezeIt}` };
  }
  // Core ML's second field is a message that starts with a field 1, ONNX's the name of the producer.
  if (bytes[2] === 0x12 && has(bytes, bytes[3]! >= 0x80 ? 5 : 4, 0x0a)) {
    return {
      what: 'a Core ML model (.mlmodel)',
      instead: 'give the model it was converted from, as a frozen .pb',
    };
  }
  return {
    what: 'an ONNX model',
    instead:
      'convert it with `ovc model.onnx` and give the .xml, or with onnx2tf and freeze the result into a .pb',
  };
}

/** Formats told apart by fixed bytes. */
function refuseBinary(bytes: Uint8Array, text: string): RefusedFormat | undefined {
  if (has(bytes, 0, 0x50, 0x4b, 3, 4)) return refuseZip(bytes);
  if (has(bytes, 0, 0x89, 0x48, 0x44, 0x46)) {
    return { what: 'an HDF5 file, as Keras (.h5) writes it', instead: toGraphModel };
  }
  // Before its mark stands an offset, which is small.
  if (text.slice(4, 8) === 'TFL3' && has(bytes, 2, 0, 0)) {
    return {
      what: 'a TensorFlow Lite model',
      instead: 'give the frozen graph or SavedModel it was made from, as .pb',
    };
  }
  if (text.startsWith('GGUF')) {
    return { what: 'a GGUF file, which holds a language model', instead: 'filters run networks of pictures' };
  }
  if (has(bytes, 0, 0x1f, 0x8b)) return { what: 'a gzip file', instead: 'unpack it first' };
  if (has(bytes, 0, 0x80) && bytes[1]! >= 2 && bytes[1]! <= 5) {
    return { what: 'a Python pickle, as PyTorch (.pth) writes it', instead: toOnnx };
  }
  return refuseProtobuf(bytes);
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
function refuseText(start: string): RefusedFormat | undefined {
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
  if (start.startsWith('version https://git-lfs')) {
    return { what: 'a Git LFS pointer, not the model', instead: 'run `git lfs pull` to fetch the model' };
  }
  if (/^\[net(work)?\]\s/.test(start) || /^(#.*\n)+\s*\[net(work)?\]\s/.test(start)) {
    return {
      what: 'a Darknet network (.cfg)',
      instead: 'convert it with its weights to ONNX, then with `ovc` to an .xml',
    };
  }
  if (/^(#.*\n|\s)*(name\s*:\s*"|layers?\s*\{|input\s*:\s*")/.test(start)) {
    return {
      what: 'a Caffe network (.prototxt)',
      instead: 'convert it with its weights by the Model Optimizer of OpenVINO 2022, and give the .xml',
    };
  }
  return undefined;
}

/** What the file is: a format that is read, or one that is refused; undefined where it is neither. */
export function recogniseModel(bytes: Uint8Array): ModelFormat | RefusedFormat | undefined {
  if (bytes.length === 0) return { what: 'an empty file', instead: 'fetch or export the model again' };
  const text = latin1.decode(bytes.subarray(0, 1024));
  // Before the old models without a header, which start with small numbers too.
  if (isSafetensors(bytes)) {
    return { what: 'a safetensors file, which holds weights without a network', instead: toOnnx };
  }
  if (isNative(bytes, text)) return 'native';
  const refused = refuseBinary(bytes, text);
  if (refused !== undefined) return refused;
  if (isText(bytes)) {
    const start = text.replace(/^ï»¿/, '').trimStart();
    if (/^<(\?xml\b|!--|net\b)/i.test(start)) return 'openvino';
    return refuseText(start) ?? (start.startsWith('{') ? 'tfjs' : undefined);
  }
  // Field 1 (node), 2 (library), 3 (version) or 4 (versions) of a GraphDef.
  return bytes[0] === 0x0a || bytes[0] === 0x12 || bytes[0] === 0x18 || bytes[0] === 0x22
    ? 'graphdef'
    : undefined;
}
