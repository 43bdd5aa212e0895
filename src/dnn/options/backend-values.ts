/** The values of the option `dnn_backend`: the backends that are built in, and FFmpeg's others. */
import type { NamedConstant } from '../../base/option-table.ts';
import { availableBackends, backends, type DNNBackendType } from '../contract/backends.ts';

/** One value. */
export interface BackendValue extends NamedConstant {
  /** What runs the models here; left out where nothing does. */
  readonly backend?: DNNBackendType;
  /** The formats of models that the value stands for, and what is said of them; left out for any format. */
  readonly reads?: { readonly formats: readonly string[]; readonly says: string };
  /** The way out where nothing runs them. */
  readonly instead?: string;
}

/** Its models are read into the same graph as all others. */
const openvino: BackendValue = {
  name: 'openvino',
  value: 2,
  help: 'openvino backend',
  backend: 'native',
  reads: {
    formats: ['openvino', 'onnx', 'graphdef', 'tflite'],
    says: 'reads models of OpenVINO (.xml, with the .bin beside it), .onnx, .pb and .tflite',
  },
};

/** FFmpeg's backends whose models nothing runs here. */
const others: readonly BackendValue[] = [
  {
    name: 'torch',
    value: 4,
    help: 'torch backend',
    instead:
      'export the network in Python with torch.onnx.export, and write dnn_backend=onnx:model=model.onnx',
  },
];

const ofOnnx = { formats: ['onnx'], says: 'reads models of ONNX (.onnx)' };

const own = availableBackends.map((name): BackendValue => {
  const { value, help } = backends[name].words;
  return { name, value, help, backend: name, ...(name === 'onnx' ? { reads: ofOnnx } : {}) };
});

/** With the numbers of FFmpeg 5.1 and, for torch and onnx, of later versions; in the order of the numbers. */
export const dnnBackendConstants = [...own, openvino, ...others].toSorted(
  (one, other) => one.value - other.value,
);

/** Of its models FFmpeg finds the input by itself. */
export const onnxBackend: number = backends.onnx.words.value;

/** The default of the filters that make pictures, as in FFmpeg 5.1. */
export const pictureBackend: number = backends.native.words.value;

/**
 * The default of the detecting and classifying filters, as in FFmpeg: here the format of
 * the model chooses the backend.
 */
export const analyticsBackend = openvino.value;
