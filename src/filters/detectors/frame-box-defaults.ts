/** What follows from FFmpeg's kinds of detectors, and from the two that are read like them. */
import type { FrameBoxModelType } from '../../dnn/contract/analytics-spec.ts';
import { blackBars, greyBars, type DetectorDefaults } from './detector.ts';

/** As FFmpeg has it: the pixels of the frame's whole area, by the options alone. */
const plain: DetectorDefaults = {
  confidence: 0.5,
  nms: 'none',
  letterbox: false,
  bars: greyBars,
  mean: 0,
  scale: 1,
};

/** Darknet pads with 0.5 (src/image.c · letterbox_image). */
const yolo: DetectorDefaults = { ...plain, nms: 'label', bars: { value: 127, place: 'centre' } };

export const frameBoxDefaults: Readonly<Record<FrameBoxModelType, DetectorDefaults>> = {
  ssd: plain,
  yolo,
  yolov3: yolo,
  yolov4: yolo,
  centernet: plain,
  blazeface: { ...plain, nms: 'sequential', bars: blackBars },
};
