/**
 * The boxes that a detection model found in a frame; mirrors dnn_detect_post_proc
 * of libavfilter/vf_dnn_detect.c.
 */
import { DnnError } from '../../base/errors.ts';
import type { DetectionModelType, DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import { blazefaceBoxes } from './blazeface.ts';
import type { PictureSize } from './bounding-box.ts';
import { centernetBoxes } from './centernet.ts';
import { ssdBoxes } from './ssd.ts';
import { suppressBoxes } from './suppress-boxes.ts';
import { dimsText } from './wrong-form.ts';
import { yoloBoxes } from './yolo.ts';

type Reader = (
  outputs: readonly DNNData[],
  options: DetectOptions,
  frame: PictureSize,
  model: PictureSize,
) => DetectionBBox[];

const readers: Readonly<Record<DetectionModelType, Reader>> = {
  ssd: ssdBoxes,
  yolo: yoloBoxes,
  yolov3: yoloBoxes,
  yolov4: yoloBoxes,
  centernet: centernetBoxes,
  blazeface: blazefaceBoxes,
};

/**
 * Reads the outputs of one frame by the model type, leaves out what is below the
 * threshold and what is suppressed.
 *
 * @param outputs in the order of the option `output`; tensors of fewer than 4 dimensions have
 *   leading ones. They stay the caller's.
 * @param frame size that the boxes are given in, in pixels
 * @param model size of the model's input in pixels
 * @returns boxes in the model's order, in whole pixels; they may reach beyond the frame, by its size at most
 * @throws DnnError `EINVAL` for outputs that do not have a form that the model type is read in, with the dims
 *   seen; `DNN_GENERIC_ERROR` for a tensor whose values are not as many as its dims say
 */
export function detectBoxes(
  outputs: readonly DNNData[],
  options: DetectOptions,
  frame: PictureSize,
  model: PictureSize,
): DetectionBBox[] {
  for (const output of outputs) {
    const values = output.dims.reduce((product, dim) => product * dim, 1);
    if (values !== output.data.length) {
      throw new DnnError(
        'DNN_GENERIC_ERROR',
        `dnn_detect: the output ${dimsText([output])} of one frame has ${output.data.length} values in place of ${values}: the backend or the model is damaged`,
        { filter: 'dnn_detect', dims: dimsText([output]) },
      );
    }
  }
  return suppressBoxes(readers[options.modelType](outputs, options, frame, model), options);
}
