/** Entry of the worker that draws the stage timeline: once a frame of the screen at most. */
import type { TimelineDrawn, ToTimelineWorker } from './stage-timeline-messages.ts';
import { StageTimelinePicture } from './stage-timeline-picture.ts';

let picture: StageTimelinePicture | undefined;
let isAsked = false;

addEventListener('message', ({ data }: MessageEvent<ToTimelineWorker>) => {
  if (data.kind === 'canvas') picture = new StageTimelinePicture(data.canvas);
  else if (picture === undefined) throw new Error('The canvas comes first.');
  else if (data.kind === 'look') picture.look(data.look);
  else if (data.kind === 'add') picture.add(data.event);
  else picture[data.kind]();
  drawSoon(picture);
});

function drawSoon(shown: StageTimelinePicture): void {
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(() => {
    isAsked = false;
    postMessage(shown.draw() satisfies TimelineDrawn);
  });
}
