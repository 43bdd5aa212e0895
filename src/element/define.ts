/** Defines `<ffmpeg-dnn>`; importing it twice, or where there is no page, does no harm. */
import { FFmpegDNNElement } from './ffmpeg-dnn-element.ts';

export { FFmpegDNNElement } from './ffmpeg-dnn-element.ts';
export type { NamedFiles } from './file-job.ts';
export type { ResultFormat, ResultQuality } from './result/result-wish.ts';
export type {
  CompleteDetail,
  ElementState,
  ErrorDetail,
  FFmpegDNNElementEventMap,
  NoticeDetail,
  StateDetail,
  StepDownDetail,
} from './element-events.ts';

if (typeof customElements === 'object' && customElements.get('ffmpeg-dnn') === undefined)
  customElements.define('ffmpeg-dnn', FFmpegDNNElement);
