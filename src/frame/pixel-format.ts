/** The pixel formats that FFmpeg's DNN filters accept (vf_dnn_processing.c, pix_fmts), by FFmpeg's names. */

export const pixelFormats = [
  'rgb24',
  'bgr24',
  'gray',
  'grayf32le',
  'yuv420p',
  'yuv422p',
  'yuv444p',
  'yuv410p',
  'yuv411p',
  'nv12',
] as const;

/** FFmpeg's name of a pixel format; `grayf32` is spelled with its byte order as FFmpeg prints it. */
export type PixelFormat = (typeof pixelFormats)[number];
