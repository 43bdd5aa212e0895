/** Where FFmpeg is wrong, and what is done here instead. Each has a case that shows what is done here. */
export interface FFmpegBug {
  /** The source file of FFmpeg, and the versions that have it. */
  readonly where: string;
  readonly ffmpeg: string;
  readonly here: string;
}

export const ffmpegBugs = {
  'bug:async-ignored': {
    where: 'vf_dnn_processing.c of 5.1',
    ffmpeg: 'the option async is accepted and has no effect; backend_configs=async=… has',
    here: 'both spellings work',
  },
  'bug:gray': {
    where: 'vf_dnn_processing.c of 5.1, fixed in 6.0',
    ffmpeg: 'gray is negotiated and then refused',
    here: 'gray runs through models of one channel',
  },
  'bug:sr-same-size': {
    where: 'vf_sr.c of 5.1, fixed in 6.0',
    ffmpeg: 'a model that keeps the size: the frame is freed before it is passed on, no frame comes out',
    here: 'frames are enlarged by swscale bicubic and then run through the model',
  },
  'bug:derain-channels': {
    where: 'vf_derain.c',
    ffmpeg: 'a model of one channel ends in a segmentation fault',
    here: 'refused with EIO',
  },
  'bug:nv12-odd': {
    where: 'vf_dnn_processing.c',
    ffmpeg: 'the last chroma row and column of odd sizes are left unwritten where the size changes',
    here: 'they become neutral, 128',
  },
  'bug:nan-to-byte': {
    where: 'dnn_io_proc.c',
    ffmpeg: 'values beyond 2^31 / 255 wrap around before they are clipped, infinity becomes 0',
    here: 'large values are clipped to 255, and so is infinity; NaN becomes 0',
  },
  'bug:several-outputs-late': {
    where: 'dnn_backend_native.c of 5.1',
    ffmpeg: 'more than one output name is refused at the first frame, by all backends but TensorFlow',
    here: 'frames take the first one',
  },
  'bug:four-names': {
    where: 'dnn_filter_common.c of 5.1',
    ffmpeg:
      'exactly four output names, as the detection models of TensorFlow have, are written beyond their array',
    here: 'four names work, five are refused',
  },
  'bug:refused-reason': {
    where: 'dnn_backend_native.c of 5.1',
    ffmpeg: 'any fault of a .model file gives “could not load DNN model”',
    here: 'the message names the fault and the byte where it is',
  },
  'bug:negative-index': {
    where: 'dnn_backend_native_layer_*.c of 5.1',
    ffmpeg: 'negative operand indices pass the check and are read out of bounds',
    here: 'refused with the byte offset',
  },
  'bug:constant-pad': {
    where: 'dnn_backend_native_layer_pad.c of 5.1',
    ffmpeg: 'pads with uninitialised memory in mode CONSTANT, whose constant no file holds',
    here: 'refused with the byte offset',
  },
  'bug:channel-assert': {
    where: 'dnn_backend_native_layer_conv2d.c and _dense.c of 5.1',
    ffmpeg: 'channels that do not fit end the program by an assertion',
    here: 'refused before any frame flows',
  },
  'bug:depth-to-space': {
    where: 'dnn_backend_native_layer_depth2space.c of 5.1',
    ffmpeg: 'channels that are no multiple of the block give skewed data',
    here: 'refused before any frame flows',
  },
  'bug:pad-too-large': {
    where: 'dnn_backend_native_layer_pad.c of 5.1',
    ffmpeg: 'pads larger than the image are read out of bounds',
    here: 'refused',
  },
  'bug:floormod-zero': {
    where: 'dnn_backend_native_layer_mathbinary.c of 5.1',
    ffmpeg: 'a divisor between -1 and 1 is a division of integers by zero',
    here: 'the result is a number and the program goes on',
  },
  'bug:unknown-activation': {
    where: 'dnn_backend_native_layer_conv2d.c of 5.1',
    ffmpeg: 'an unknown activation behaves as NONE',
    here: 'refused with the byte offset',
  },
  'bug:two-constants': {
    where: 'dnn_backend_native_layer_mathbinary.c of 5.1',
    ffmpeg: 'with constants on both sides the operand is number 0 and the second constant wins',
    here: 'refused with the byte offset',
  },
  'bug:box-slot': {
    where: 'vf_dnn_detect.c; fixed in 6.1 for OpenVINO, not for TensorFlow',
    ffmpeg: 'a box stands at the index of its proposal: unsorted proposals leave gaps or end by an assertion',
    here: 'boxes stand one behind the other',
  },
  'bug:classify-height': {
    where: 'dnn_backend_openvino.c of 5.1, fixed in 7.1',
    ffmpeg: 'the lower edge of a box is compared with the width of the frame',
    here: 'compared with its height',
  },
  'bug:classify-edge': {
    where: 'dnn_backend_openvino.c, fixed in master (98e92563a3)',
    ffmpeg: 'a box that ends at the right or lower edge leaves the whole frame unclassified',
    here: 'it is classified like any other',
  },
  'bug:classify-crop': {
    where: 'dnn_io_proc.c of 5.1, fixed in 7.1',
    ffmpeg: 'the offset of a crop is in bytes, so boxes of rgb24, bgr24 and nv12 get other pixels',
    here: 'in pixels',
  },
  'bug:iou-threshold': {
    where: 'vf_dnn_detect.c since 7.0',
    ffmpeg: 'the option confidence is the threshold of overlap too',
    here: 'as in FFmpeg, and nms_threshold says another one',
  },
  'bug:yolo-anchor-bounds': {
    where: 'vf_dnn_detect.c of 7.0, fixed later',
    ffmpeg:
      'anchors of the second output start at twice the boxes of a cell times its number, without a check of their count',
    here: 'a running number, and too few are refused',
  },
  'bug:detect-frame-size': {
    where: 'dnn_backend_tf.c',
    ffmpeg: "the fixed size of a TensorFlow graph's input is not used for detection",
    here: 'frames are scaled to the size of the model',
  },
} as const satisfies Readonly<Record<string, FFmpegBug>>;

export type BugRow = keyof typeof ffmpegBugs;
