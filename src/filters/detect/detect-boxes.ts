/**
 * The boxes that a detection model found in a frame; mirrors dnn_detect_post_proc
 * of libavfilter/vf_dnn_detect.c.
 */
import { DnnError } from '../../base/errors.ts';
import type { DetectOptions, FrameBoxModelType } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import { blazefaceBoxes } from './blazeface.ts';
import { contentOf, type PictureOfModel } from '../../dnn/contract/letterbox.ts';
import { detectors, isDetectorType } from '../detectors/detectors.ts';
import { placeCandidates } from '../detectors/place-candidates.ts';
import type { PictureSize, SeenPicture } from './bounding-box.ts';
import { centernetBoxes } from './centernet.ts';
import { ssdBoxes } from './ssd.ts';
import { suppressBoxes } from './suppress-boxes.ts';
import { dimsText } from './wrong-form.ts';
import { yoloBoxes } from './yolo.ts';

type Reader = (
  outputs: readonly DNNData[],
  options: DetectOptions,
  frame: SeenPicture,
  model: PictureSize,
) => DetectionBBox[];

const readers: Readonly<Record<FrameBoxModelType, Reader>> = {
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
 * @param model size of the model's input in pixels, and how the frame lies in it
 * @returns boxes in the model's order, in whole pixels; those of FFmpeg's types may reach beyond the frame,
 *   by the size of the picture that the model saw at most
 * @throws DnnError `EINVAL` for outputs that do not have a form that the model type is read in, with the dims
 *   seen; `DNN_GENERIC_ERROR` for a tensor whose values are not as many as its dims say
 */
export function detectBoxes(
  outputs: readonly DNNData[],
  options: DetectOptions,
  frame: PictureSize,
  model: PictureOfModel,
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
  const { modelType } = options;
  if (isDetectorType(modelType)) {
    const candidates = detectors[modelType].candidates(outputs, options, model);
    return placeCandidates(candidates, options, frame, model);
  }
  const boxes = readers[modelType](outputs, options, seenPicture(frame, model), model);
  return suppressBoxes(boxes, options);
}

/** What the model saw, in pixels of the frame. */
function seenPicture(frame: PictureSize, model: PictureOfModel): SeenPicture {
  if (model.letterbox === undefined) return frame;
  const content = contentOf(frame, model);
  const [scaleX, scaleY] = [frame.width / content.width, frame.height / content.height];
  return {
    width: model.width * scaleX,
    height: model.height * scaleY,
    left: -content.x * scaleX,
    top: -content.y * scaleY,
  };
}
