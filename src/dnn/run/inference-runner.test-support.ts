/** Models without a network, and frames to run through them. */
import { expect } from 'vitest';
import type { Frame } from '../../frame/frame.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import { allocateFrame } from '../../frame/plane-layout.ts';
import type { DNNData, DNNModel } from '../contract/interface.ts';

/** Each value repeated 2 x 2, a network whose result is known without a network. */
export function nearest2x({ data, dims: [n, height, width, channels] }: DNNData): DNNData {
  const out = new Float32Array(n * height * width * channels * 4);
  let at = 0;
  for (let image = 0; image < n; image++) {
    for (let y = 0; y < 2 * height; y++) {
      for (let x = 0; x < 2 * width; x++) {
        for (let c = 0; c < channels; c++) {
          out[at++] = data[((image * height + (y >> 1)) * width + (x >> 1)) * channels + c]!;
        }
      }
    }
  }
  return { data: out, dims: [n, 2 * height, 2 * width, channels] };
}

/** Gives what a function makes of the input, twice the size by default, and keeps what it was called with. */
export class FakeModel implements DNNModel {
  readonly inputs: (readonly number[])[] = [];
  readonly buffers = new Set<ArrayBufferLike>();
  readonly outputs: (readonly DNNData[])[] = [];
  readonly spent: (readonly DNNData[])[] = [];
  readonly #function: (input: DNNData) => readonly DNNData[];
  closes = 0;
  running = 0;

  constructor(run: (input: DNNData) => readonly DNNData[] = (input) => [nearest2x(input)]) {
    this.#function = run;
  }
  async execute(input: DNNData, spent: readonly DNNData[] = []): Promise<readonly DNNData[]> {
    expect(this.running).toBe(0);
    this.running += 1;
    this.inputs.push([...input.dims]);
    this.buffers.add(input.data.buffer);
    expect(input.data.length).toBe(input.dims.reduce((a, b) => a * b));
    await Promise.resolve();
    this.running -= 1;
    this.spent.push(spent);
    const outputs = this.#function(input);
    this.outputs.push(outputs);
    return outputs;
  }
  memoryBytes(): number {
    return 1000;
  }
  strayTensors(): number {
    return 0;
  }
  close(): void {
    this.closes += 1;
  }
}

/** A frame whose byte at (plane, index) is a known function of both and of the pts. */
export function testFrame(format: PixelFormat, width: number, height: number, pts: number): Frame {
  const frame = allocateFrame(format, width, height, pts);
  frame.data.forEach((plane, index) => {
    for (let i = 0; i < plane.length; i++) plane[i] = (7 * i + 31 * index + 13 * pts) & 255;
  });
  return frame;
}
