/** Files that are recognised and refused, each with what to do instead. */
import type { FileStart } from './file-start.ts';
import { containerMembers } from './zip-members.ts';

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
const itsOnnx = 'give the .onnx that it was converted from';
const toOnnx = 'export the network in Python with torch.onnx.export and give the .onnx';

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
function isSafetensors(start: FileStart): boolean {
  const { bytes } = start;
  return (
    bytes.length > 9 &&
    start.has(4, 0, 0, 0, 0) &&
    bytes[8] === 0x7b &&
    (bytes[9] === 0x22 || bytes[9] === 0x7d)
  );
}

/**
 * Protobuf whose first field is a number: SavedModel (saved_model_schema_version) and Core ML
 * (specificationVersion). A GraphDef starts with no such field 1, and ONNX has others behind it.
 */
function refuseProtobuf(start: FileStart): RefusedFormat | undefined {
  const { bytes } = start;
  if (bytes[0] !== 0x08 || bytes[1]! > 0x20) return undefined;
  if (start.has(1, 0x01, 0x12)) {
    return { what: 'a TensorFlow SavedModel', instead: `its weights are in other files: ${freezeIt}` };
  }
  // Core ML's second field is a message that starts with a field 1.
  if (bytes[2] === 0x12 && start.has(bytes[3]! >= 0x80 ? 5 : 4, 0x0a)) {
    return {
      what: 'a Core ML model (.mlmodel)',
      instead: 'give the model it was converted from, as a frozen .pb',
    };
  }
  return undefined;
}

/**
 * What fixed bytes tell, before the formats that are read are asked; some of those have less of a mark.
 */
export function refusedByMark(start: FileStart): RefusedFormat | undefined {
  const { bytes, text } = start;
  if (bytes.length === 0) return { what: 'an empty file', instead: 'fetch or export the model again' };
  if (isSafetensors(start)) {
    return { what: 'a safetensors file, which holds weights without a network', instead: toOnnx };
  }
  if (start.has(0, 0x50, 0x4b, 3, 4)) return refuseZip(bytes);
  if (start.has(0, 0x89, 0x48, 0x44, 0x46)) {
    return { what: 'an HDF5 file, as Keras (.h5) writes it', instead: toGraphModel };
  }
  if (text.slice(4, 8) === 'ORTM') {
    return { what: 'a model in the format of ONNX Runtime alone (.ort)', instead: itsOnnx };
  }
  if (text.startsWith('ftrt') || text.startsWith('ptrt')) {
    return { what: 'a TensorRT engine, which is for one GPU', instead: itsOnnx };
  }
  if (text.startsWith('RKNN')) return { what: 'a model for Rockchip chips (.rknn)', instead: itsOnnx };
  // The tag of weights in float16 (ncnn · modelbin.cpp).
  if (start.has(0, 0x47, 0x6b, 0x30, 0x01)) {
    return { what: 'the weights of an ncnn model (.bin)', instead: itsOnnx };
  }
  if (text.startsWith('GGUF')) {
    return { what: 'a GGUF file, which holds a language model', instead: 'filters run networks of pictures' };
  }
  if (start.has(0, 0x1f, 0x8b)) return { what: 'a gzip file', instead: 'unpack it first' };
  if (start.has(0, 0x80) && bytes[1]! >= 2 && bytes[1]! <= 5) {
    return { what: 'a Python pickle, as PyTorch (.pth) writes it', instead: toOnnx };
  }
  return undefined;
}

/** Files that are a list in JSON: a tfjs model is an object. */
function refuseList(start: string): RefusedFormat | undefined {
  if (/^\[\s*\{\s*"(weights|paths)"\s*:/.test(start)) {
    return {
      what: 'a list of weights without a network, as face-api.js has them',
      instead: 'its networks are code of that library: give a model.json that has a modelTopology',
    };
  }
  if (/^\[\s*\{/.test(start) && /"(n(In|Out)putPlane|k[WH])"\s*:|"(weight|bias)"\s*:\s*\[/.test(start)) {
    return { what: 'a model of waifu2x (.json)', instead: 'give the .onnx of its nunif project' };
  }
  return undefined;
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
  if (/^7767517\s/.test(start)) return { what: 'an ncnn network (.param)', instead: itsOnnx };
  if (/^<!doctype html|^<html/i.test(start)) {
    return { what: 'an HTML page', instead: 'the download went wrong; fetch the model file itself' };
  }
  if (start.startsWith('version https://git-lfs')) {
    return { what: 'a Git LFS pointer, not the model', instead: 'run `git lfs pull` to fetch the model' };
  }
  if (/^\[net(work)?\]\s/.test(start) || /^(#.*\n)+\s*\[net(work)?\]\s/.test(start)) {
    return {
      what: 'a Darknet network (.cfg)',
      instead: 'convert it with its weights to ONNX and give the .onnx',
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

/** What else is known, among files that no format has recognised. */
export function refusedByLook(start: FileStart): RefusedFormat | undefined {
  return (
    refuseProtobuf(start) ??
    (start.isText ? (refuseList(start.trimmed) ?? refuseText(start.trimmed)) : undefined)
  );
}
