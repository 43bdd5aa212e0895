/** The four outputs of TensorFlow's and TFLite's detection models, where the user does not name them. */
import type { ModelShape, OutputShape } from './detector.ts';

/** In the order that FFmpeg reads them in, by what TensorFlow's Object Detection API calls them. */
const names = [/num_detections/i, /detection_scores/i, /detection_classes/i, /detection_boxes/i];

/** Outputs that hold raw values beside those. */
const raw = /raw_|multiclass|anchor/i;

/**
 * Number, scores, classes and boxes; undefined where the model does not have them.
 *
 * - By their names, of a model of the Object Detection API, whatever else it gives.
 * - By their shapes, in the order of TFLite_Detection_PostProcess: boxes, classes, scores, number
 *   (tensorflow/lite/kernels/detection_postprocess.cc).
 */
export function ssdOutputs({ outputs }: ModelShape): readonly OutputShape[] | undefined {
  const named = names.map((pattern) => outputs.find(({ name }) => pattern.test(name) && !raw.test(name)));
  if (named.every((output) => output !== undefined)) return named;
  const [boxes, classes, scores, number] = outputs;
  if (outputs.length !== 4 || boxes?.dims.at(-1) !== 4) return undefined;
  const rows = boxes.dims.at(-2);
  const isList = (output: OutputShape | undefined): output is OutputShape => output?.dims.at(-1) === rows;
  if (!isList(classes) || !isList(scores) || number?.dims.some((size) => size !== 1) !== false)
    return undefined;
  return [number, scores, classes, boxes];
}
