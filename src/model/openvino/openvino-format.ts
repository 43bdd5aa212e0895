/** Models of OpenVINO: an .xml with its .bin beside it. */
import type { ModelLayout } from '../../graph/feed-channels-last.ts';
import type { Shape } from '../../graph/graph.ts';
import type { ModelFormat } from '../model-format.ts';
import { readOpenvinoModel, weightsPath } from './read-openvino-model.ts';

/** FFmpeg's rule (dnn_backend_openvino.c · init_model_ov): dimension 1 of at most 3, or open, is channels. */
function layout(shape: Shape): ModelLayout {
  return shape?.length === 4 && shape[1]! <= 3 ? 'nchw' : 'nhwc';
}

export const openvinoFormat = {
  name: 'openvino',
  what: 'an OpenVINO model',
  files: '.xml, with its .bin beside it',
  recognises: (start) => start.isText && /^<(\?xml\b|!--|net\b)/i.test(start.trimmed),
  read: readOpenvinoModel,
  // FFmpeg gives pixels in this order to look for boxes in. Of a browser's backends this one has its layers.
  conventions: { layout, pixelOrder: 'bgr', defaultBackend: 'native' },
  filesBeside: {
    partsOf: (name) => (/\.xml$/i.test(name) ? [weightsPath(name)] : []),
    modelOf: (name) => (/\.bin$/i.test(name) ? name.replace(/\.bin$/i, '.xml') : undefined),
  },
} as const satisfies ModelFormat;
