/** Entry of the worker that draws the stage timeline: once a frame of the screen at most. */
import type { TimelineDrawn, ToTimelineWorker } from './stage-timeline-messages.ts';
import { StageTimelinePicture } from './stage-timeline-picture.ts';

let picture: StageTimelinePicture | undefined;
let isAsked = false;

addEventListener('message', ({ data }: MessageEvent<ToTimelineWorker>) => {
  if (data.kind === 'canvas') picture = new StageTimelinePicture(data.canvas);
  if (picture === undefined) throw new Error('The canvas comes first.');
  if (data.kind === 'look') picture.look(data.look);
  if (data.kind === 'add') picture.add(data.event);
  if (data.kind === 'finish') picture.finish();
  if (data.kind === 'clear') picture.clear();
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(() => {
    isAsked = false;
    const drawn: TimelineDrawn | undefined = picture?.draw();
    postMessage(drawn);
  });
});
