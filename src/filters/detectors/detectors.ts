/** All kinds of detectors of today. */
import type { DetectionModelType, DetectorModelType } from '../../dnn/contract/analytics-spec.ts';
import type { Detector } from './detector.ts';
import { mediapipeSsd } from './mediapipe-ssd.ts';
import { nanodet } from './nanodet.ts';
import { ultraface } from './ultraface.ts';
import { yoloEnd2end } from './yolo-end2end.ts';
import { yolov5 } from './yolov5.ts';
import { yolov8 } from './yolov8.ts';
import { yolox } from './yolox.ts';
import { yunet } from './yunet.ts';

export const detectors: Readonly<Record<DetectorModelType, Detector>> = {
  yolov5,
  yolov8,
  yolo_end2end: yoloEnd2end,
  yolox,
  nanodet,
  yunet,
  ultraface,
  mediapipe_ssd: mediapipeSsd,
};

/** False for FFmpeg's own types, and for those whose boxes are made like theirs. */
export function isDetectorType(type: DetectionModelType): type is DetectorModelType {
  return Object.hasOwn(detectors, type);
}
