/** Names of codecs: FFmpeg's, and those of the package that reads containers. */
import type { AudioCodec, VideoCodec } from 'mediabunny';
import type { ContainedVideoCodec } from './container-contract.ts';

const videoCodecs: Readonly<Record<ContainedVideoCodec, VideoCodec>> = {
  h264: 'avc',
  hevc: 'hevc',
  vp8: 'vp8',
  vp9: 'vp9',
  av1: 'av1',
};

/** FFmpeg's names where they differ (libavcodec/codec_desc.c). */
const audioCodecs: Partial<Readonly<Record<AudioCodec, string>>> = {
  'pcm-s16': 'pcm_s16le',
  'pcm-s16be': 'pcm_s16be',
  'pcm-s24': 'pcm_s24le',
  'pcm-s24be': 'pcm_s24be',
  'pcm-s32': 'pcm_s32le',
  'pcm-s32be': 'pcm_s32be',
  'pcm-f32': 'pcm_f32le',
  'pcm-f32be': 'pcm_f32be',
  'pcm-f64': 'pcm_f64le',
  'pcm-f64be': 'pcm_f64be',
  'pcm-u8': 'pcm_u8',
  'pcm-s8': 'pcm_s8',
  ulaw: 'pcm_mulaw',
  alaw: 'pcm_alaw',
};

/** The package's name of a codec. */
export function packageCodec(codec: ContainedVideoCodec): VideoCodec {
  return videoCodecs[codec];
}

/** FFmpeg's name of a codec; undefined for one that is none of ours. */
export function containedCodec(codec: VideoCodec): ContainedVideoCodec | undefined {
  const found = Object.entries(videoCodecs).find(([, name]) => name === codec);
  return found?.[0] as ContainedVideoCodec | undefined;
}

/** FFmpeg's name of an audio codec. */
export function audioCodecName(codec: AudioCodec): string {
  return audioCodecs[codec] ?? codec;
}
