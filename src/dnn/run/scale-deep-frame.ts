/** Scales a whole frame of 10 to 16 bits. */
import { scaleDeepPlane, type DeepPlane } from '../../frame/deep-plane-scale.ts';
import type { Frame } from '../../frame/frame.ts';
import { pixelFormatDescriptor } from '../../frame/pixel-format.ts';
import { frameLayout } from '../../frame/plane-layout.ts';

/**
 * Fills `outFrame`, of the same format, with `inFrame`, scaled as swscale does planes of this depth, bicubic;
 * the colours of rgb48 one by one. The frames stay the caller's.
 */
export function scaleDeepFrame(inFrame: Frame, outFrame: Frame): void {
  const { components, depth, pixelStep } = pixelFormatDescriptor(inFrame.format);
  const channels = components / pixelStep.length;
  const from = planesOf(inFrame);
  for (const [index, to] of planesOf(outFrame).entries()) {
    if (channels === 1) scaleDeepPlane(from[index]!, to, depth);
    else scaleChannels(from[index]!, to, channels, depth);
  }
}

function planesOf({ format, width, height, data }: Frame): DeepPlane[] {
  return frameLayout(format, width, height).planes.map((plane, index) => {
    const { buffer, byteOffset, length } = data[index]!;
    return {
      samples: new Uint16Array(buffer, byteOffset, length / 2),
      width: plane.width,
      height: plane.height,
    };
  });
}

/** Each channel of a packed plane as a plane of its own, and back. */
function scaleChannels(from: DeepPlane, to: DeepPlane, channels: number, depth: number): void {
  const empty = ({ width, height }: DeepPlane): DeepPlane => ({
    samples: new Uint16Array(width * height),
    width,
    height,
  });
  const [alone, scaled] = [empty(from), empty(to)];
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < alone.samples.length; i++) alone.samples[i] = from.samples[i * channels + channel]!;
    scaleDeepPlane(alone, scaled, depth);
    for (let i = 0; i < scaled.samples.length; i++) to.samples[i * channels + channel] = scaled.samples[i]!;
  }
}
