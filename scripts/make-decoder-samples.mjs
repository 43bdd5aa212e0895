/**
 * Prints the samples of src/codecs/probe/decoder-samples.ts, made by native ffmpeg with libx264, libx265,
 * libvpx and libaom: `node scripts/make-decoder-samples.mjs`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** No multiple of a codec's blocks, and large enough for decoders in hardware. */
const [width, height, frames] = [180, 148, 3];

const x264 =
  '-c:v libx264 -preset slow -crf 40 -x264-params keyint=99:ref=1:bframes=1:b-adapt=0 -bsf:v filter_units=remove_types=6';
const x265 =
  '-c:v libx265 -crf 40 -x265-params log-level=none:info=0:bframes=1:b-adapt=0 -bsf:v filter_units=remove_types=39-40';
const vpx = '-c:v libvpx-vp9 -crf 50 -b:v 0';
const aom = '-c:v libaom-av1 -crf 50 -b:v 0 -cpu-used 6';

/** Codec, WebCodecs' string, pixel format, FFmpeg's encoder, raw format of its packets. */
const samples = [
  ['h264', 'avc1.64000c', 'yuv420p', x264, 'h264'],
  ['h264', 'avc1.7a000c', 'yuv422p', x264, 'h264'],
  ['h264', 'avc1.f4000c', 'yuv444p', x264, 'h264'],
  ['h264', 'avc1.6e000c', 'yuv420p10le', x264, 'h264'],
  ['hevc', 'hev1.1.6.L60.B0', 'yuv420p', x265, 'hevc'],
  ['hevc', 'hev1.2.4.L60.B0', 'yuv420p10le', x265, 'hevc'],
  ['vp8', 'vp8', 'yuv420p', '-c:v libvpx -crf 50 -b:v 100k', 'ivf'],
  ['vp9', 'vp09.00.11.08', 'yuv420p', vpx, 'ivf'],
  ['vp9', 'vp09.01.11.08.02', 'yuv422p', vpx, 'ivf'],
  ['vp9', 'vp09.01.11.08.03', 'yuv444p', vpx, 'ivf'],
  ['vp9', 'vp09.02.11.10', 'yuv420p10le', vpx, 'ivf'],
  ['av1', 'av01.0.00M.08', 'yuv420p', aom, 'ivf'],
  ['av1', 'av01.1.00M.08', 'yuv444p', aom, 'ivf'],
  ['av1', 'av01.0.00M.10', 'yuv420p10le', aom, 'ivf'],
];

const folder = mkdtempSync(join(tmpdir(), 'decoder-samples-'));

/**
 * @param {string[]} words
 * @returns its standard output
 */
const ffmpeg = (words) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...words], { encoding: 'utf8' });

/**
 * The lines of framecrc, as numbers.
 *
 * @param {string} text
 */
const rows = (text) =>
  text
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(',').map((word) => Number(word)));

/** @param {readonly string[]} row */
function sample([codec = '', codecString = '', format = '', encoder = '', raw = '']) {
  const full = format.endsWith('10le') ? 4 : 1;
  const planes = `lum=(40+X/2+30*N)*${full}:cb=(90+Y/2)*${full}:cr=(170-X/4)*${full}`;
  const source = `nullsrc=s=${width}x${height}:r=25:d=${frames / 25},format=${format},geq=${planes}`;
  const path = join(folder, `sample.${raw}`);
  const words = [
    ...`-f lavfi -i ${source} -pix_fmt ${format}`.split(' '),
    ...encoder.split(' '),
    '-bitexact',
  ];
  const packets = rows(ffmpeg([...words, '-f', 'framecrc', '-']));
  ffmpeg([...words, '-f', raw, path]);
  const file = readFileSync(path);
  let at = raw === 'ivf' ? 32 : 0;
  const texts = packets.map(([, , pts, , size = 0]) => {
    if (raw === 'ivf') at += 12;
    const data = file.subarray(at, at + size).toString('base64');
    at += size;
    return `[${pts}, '${data}']`;
  });
  const checksums = rows(ffmpeg(['-i', path, '-f', 'framecrc', '-'])).map(([, , , , , sum = 0]) => sum);
  return `  {
    codec: '${codec}',
    codecString: '${codecString}',
    pixelFormat: '${format}',
    packets: [${texts.join(', ')}],
    checksums: [${checksums.map((sum) => `0x${sum.toString(16).padStart(8, '0')}`).join(', ')}],
  },`;
}

try {
  console.log(samples.map(sample).join('\n'));
} finally {
  rmSync(folder, { recursive: true });
}
