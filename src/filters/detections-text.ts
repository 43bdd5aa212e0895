/** The detections of one frame as text: a line of JSON, a WebVTT cue, and the lines of ffmpeg's showinfo. */
import type { Confidence, DetectionBBox, DetectionBBoxes } from '../frame/detection-bboxes.ts';

/** Where detections come from. */
export interface DetectionMoment {
  /** Presentation time of the frame in units of its stream's time base. */
  readonly pts: number;
  /** The same in seconds. */
  readonly time: number;
  /** The filter that found them, as the user wrote it. */
  readonly filter: string;
}

/**
 * One line of JSON, without its end: pts, time, filter, source and boxes, confidences as
 * numbers; no boxes for undefined.
 */
export function detectionsJson(
  { pts, time, filter }: DetectionMoment,
  detections: DetectionBBoxes | undefined,
): string {
  const bboxes = (detections?.bboxes ?? []).map(({ x, y, w, h, ...box }) => ({
    x,
    y,
    w,
    h,
    label: box.detectLabel,
    confidence: numberOf(box.detectConfidence),
    classifications: box.classifications.map(({ label, confidence }) => ({
      label,
      confidence: numberOf(confidence),
    })),
  }));
  return JSON.stringify({ pts, time, filter, source: detections?.source ?? '', bboxes });
}

function numberOf({ num, den }: Confidence): number {
  return num / den;
}

/** The head of a WebVTT file; cues follow it. */
export const webVttHead = 'WEBVTT\n\n';

/**
 * A cue with a line for each box, such as
 * `face 0.98, happy 0.87 at 10,20 size 64x48`, and the blank line behind it.
 *
 * @param start first moment in seconds; cues begin at 0 at the earliest and last a millisecond at least
 * @param end first moment that is not in it
 */
export function detectionsCue(start: number, end: number, { bboxes }: DetectionBBoxes): string {
  const from = milliseconds(start);
  const to = Math.max(milliseconds(end), from + 1);
  const lines = bboxes.map((box) => `${cueLine(box)}\n`);
  return `${timestamp(from)} --> ${timestamp(to)}\n${lines.join('')}\n`;
}

function cueLine({ x, y, w, h, detectLabel, detectConfidence, classifications }: DetectionBBox): string {
  const found = [{ label: detectLabel, confidence: detectConfidence }, ...classifications];
  const labels = found.map(({ label, confidence }) => `${cueText(label)} ${numberOf(confidence).toFixed(2)}`);
  return `${labels.join(', ')} at ${x},${y} size ${w}x${h}`;
}

/** A label without what WebVTT reads as markup or as the end of a line. */
function cueText(label: string): string {
  const names = { '&': '&amp;', '<': '&lt;', '>': '&gt;' } as const;
  return (
    label
      // eslint-disable-next-line no-control-regex -- a line end would end the cue
      .replace(/[\u0000-\u001f\u007f]/g, ' ')
      .replace(/[&<>]/g, (character) => names[character as keyof typeof names])
  );
}

function milliseconds(seconds: number): number {
  return Number.isFinite(seconds) ? Math.max(Math.round(seconds * 1000), 0) : 0;
}

/** `00:00:01.040`; hours have more digits where they need them. */
function timestamp(time: number): string {
  const part = (divisor: number, range: number, digits: number): string =>
    String(Math.floor(time / divisor) % range).padStart(digits, '0');
  return `${part(3600000, Infinity, 2)}:${part(60000, 60, 2)}:${part(1000, 60, 2)}.${part(1, 1000, 3)}`;
}

/**
 * The lines that ffmpeg's showinfo writes for this side data
 * (libavfilter/vf_showinfo.c · dump_detection_bbox).
 */
export function detectionsInfo({ source, bboxes }: DetectionBBoxes): string[] {
  return [
    '  side data - detection bounding boxes:',
    `source: ${source}`,
    ...bboxes.flatMap(({ x, y, w, h, detectLabel, detectConfidence, classifications }, index) => [
      `index: ${index},\tregion: (${x}, ${y}) -> (${x + w}, ${y + h}), label: ${detectLabel}, confidence: ${ratio(detectConfidence)}.`,
      ...classifications.map(
        ({ label, confidence }) => `\t\tclassify:  label: ${label}, confidence: ${ratio(confidence)}.`,
      ),
    ]),
  ];
}

function ratio({ num, den }: Confidence): string {
  return `${num}/${den}`;
}
