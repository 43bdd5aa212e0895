/** A job of one file through filters named `net`, as the planning run sees it. */
import { parseCommand } from '../../command/command.ts';
import { planCommand, type Plan } from '../../command/plan.ts';
import type { PlannedFrames } from '../planned-frames.ts';
import type { Planning } from '../planning-log.ts';
import type { StreamPicture, StreamPictures } from './stream-pictures.ts';

/** A command with networks. */
export function planOf(...argv: readonly string[]): Plan {
  const result = planCommand(parseCommand(argv), { isOwnFilter: ({ name }) => name.text === 'net' });
  if (result.kind !== 'dnn') throw new Error('not planned');
  return result.plan;
}

/** Tagged with BT.709 and limited range. */
export const bt709 = {
  ...{ colorRange: 'tv', colorSpace: 'bt709', colorPrimaries: 'bt709', colorTrc: 'bt709' },
} as const;

/** What ffmpeg 5.1 makes of such frames where a network takes RGB. */
export const rgbFrames: PlannedFrames = {
  ...{ pixelFormat: 'rgb24', width: 64, height: 48, firstPts: 0, fieldOrder: 'prog' },
  ...{ sampleAspectRatio: { num: 1, den: 1 }, timeBase: { num: 1, den: 25 } },
  ...{ colorRange: 'pc', colorSpace: 'gbr', colorPrimaries: 'bt709', colorTrc: 'bt709' },
};

/** The planning of a command with one input and one output. */
export function planningOf(plan: Plan, frames: readonly PlannedFrames[]): Planning {
  const video = { index: 0, type: 'Video', dispositions: [], rotation: 0 };
  const isGraph = plan.chains.length === 0;
  return {
    frames,
    inputs: [{ streams: [video] }],
    outputs: [
      {
        mappings: isGraph
          ? [
              { kind: 'graph', output: 0 },
              { kind: 'graph', output: 1 },
            ]
          : [{ source: { file: 0, stream: 0 }, kind: 'encode', output: 0 }],
        streams: [video],
      },
    ],
    graphInputs: isGraph ? [{ source: { file: 0, stream: 0 }, filter: 'format' }] : [],
  };
}

/** An input of 48 rows and outputs, H.264 unless said otherwise; a second one for a graph. */
export function picturesOf(
  input: Partial<StreamPicture>,
  ...outputs: readonly Partial<StreamPicture>[]
): StreamPictures {
  const picture = { codec: 'h264', pixelFormat: 'yuv420p', width: 64, height: 48 };
  return {
    inputs: new Map([['0:0', { ...picture, ...input }]]),
    outputs: new Map(
      [{}, ...outputs].map((output, index) => [`0:${Math.max(0, index - 1)}`, { ...picture, ...output }]),
    ),
  };
}
