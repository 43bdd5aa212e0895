/** The containers that are written. */
import {
  MkvOutputFormat,
  MovOutputFormat,
  Mp4OutputFormat,
  WebMOutputFormat,
  type AudioCodec,
  type OutputFormat,
} from 'mediabunny';
import { containerNames, type ContainerName } from './container-names.ts';

/** A new format. MP4 and MOV have their index at the end, as FFmpeg writes it. */
export function outputFormat(container: ContainerName): OutputFormat {
  switch (container) {
    case 'mp4':
      return new Mp4OutputFormat({ fastStart: false });
    case 'mov':
      return new MovOutputFormat({ fastStart: false });
    case 'mkv':
      return new MkvOutputFormat();
    case 'webm':
      return new WebMOutputFormat();
  }
}

/** The containers that take an audio codec. */
export function containersOf(codec: AudioCodec): readonly ContainerName[] {
  return containerNames.filter((name) => outputFormat(name).getSupportedAudioCodecs().includes(codec));
}
