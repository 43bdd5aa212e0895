/**
 * What ffmpeg's lists say of the pictures of each video stream; mirrors libavcodec/avcodec.c ·
 * avcodec_string.
 */

/** Colour tags by ffmpeg's names; undefined where unknown. */
export interface ColorTags {
  readonly colorRange?: string | undefined;
  readonly colorSpace?: string | undefined;
  readonly colorPrimaries?: string | undefined;
  readonly colorTrc?: string | undefined;
}

/** The pictures of one video stream. */
export interface StreamPicture extends ColorTags {
  /** `h264`, `vp9`. */
  readonly codec: string;
  /** Any of ffmpeg's pixel formats. */
  readonly pixelFormat: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** Of all files of a command, by `file:stream`. */
export interface StreamPictures {
  readonly inputs: ReadonlyMap<string, StreamPicture>;
  readonly outputs: ReadonlyMap<string, StreamPicture>;
}

/** What stands in brackets behind the pixel format may hold brackets itself: `top coded first (swapped)`. */
const videoLine =
  /^ +Stream #(\d+:\d+)\S*: Video: (\w+).*?, (\w+)(?:\(((?:[^()]|\([^()]*\))*)\))?, (\d+)x(\d+)(?:[ ,]|$)/;

/**
 * Reads the log of a planning run at level `info`, one line per entry and without line ends. Streams whose
 * line says no size are left out.
 */
export function readStreamPictures(lines: Iterable<string>): StreamPictures {
  const inputs = new Map<string, StreamPicture>();
  const outputs = new Map<string, StreamPicture>();
  let listed = inputs;
  for (const line of lines) {
    if (/^Input #\d/.test(line)) listed = inputs;
    else if (/^Output #\d/.test(line)) listed = outputs;
    const [, stream, codec, pixelFormat, details, width, height] = videoLine.exec(line) ?? [];
    if (stream === undefined || codec === undefined || pixelFormat === undefined) continue;
    const size = { width: Number(width), height: Number(height) };
    listed.set(stream, { codec, pixelFormat, ...size, ...readTags(details ?? '') });
  }
  return { inputs, outputs };
}

/** @param details what stands in brackets behind a pixel format: `tv, bt709/unknown/unknown, progressive`. */
function readTags(details: string): ColorTags {
  const words = details.split(', ');
  const colorRange = words.find((word) => word === 'tv' || word === 'pc');
  // ffmpeg writes three names alike as one.
  const names = words.find(
    (word) => /^[\w-]+(\/[\w-]+){2}$/.test(word) || /^(bt|smpte)\d+[a-z]*$/.test(word),
  );
  const [space, primaries = space, trc = space] = names?.split('/') ?? [];
  return {
    colorRange,
    colorSpace: known(space),
    colorPrimaries: known(primaries),
    colorTrc: known(trc),
  };
}

const known = (name: string | undefined): string | undefined =>
  name === 'unknown' || name === 'reserved' ? undefined : name;

/** AV_PIX_FMT_FLAG_RGB of any pixel format, by its name; palettes count, whose colours are RGB. */
export function isRgbFormat(pixelFormat: string): boolean {
  return /^(x2)?(0?rgb|0?bgr|argb|abgr|gbr|pal8|bayer)/.test(pixelFormat);
}

/** Codecs that cannot say that their samples have full range: what reads them takes limited. */
const limitedCodecs: ReadonlySet<string> = new Set([
  ...[
    'mpeg1video',
    'mpeg2video',
    'mpeg4',
    'msmpeg4v2',
    'msmpeg4v3',
    'wmv1',
    'wmv2',
    'flv1',
    'h261',
    'h263',
    'h263p',
  ],
  ...['theora', 'vp8', 'prores', 'dnxhd', 'dvvideo', 'cinepak', 'svq1', 'snow', 'dirac', 'cfhd'],
]);

/** Whether an output can have full range. */
export function takesFullRange({ codec }: StreamPicture): boolean {
  return !limitedCodecs.has(codec);
}

/** Codecs of pictures whose files name no matrix: readers take BT.601. */
const pictureCodecs: ReadonlySet<string> = new Set(['mjpeg', 'webp', 'jpeg2000', 'jpegls', 'tiff']);

/** Whether an output has a matrix to keep: it is YUV, and its file, or a player's guess, names the matrix. */
export function hasMatrix({ codec, pixelFormat }: StreamPicture): boolean {
  return !isRgbFormat(pixelFormat) && !pictureCodecs.has(codec);
}
