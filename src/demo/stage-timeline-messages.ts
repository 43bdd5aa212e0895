/** What the page and the worker that draws the stage timeline tell each other; imports no code. */
import type { TimelineEvent } from '../workers/pipeline-api.ts';

/** Colours of CSS. */
export interface TimelinePalette {
  readonly ffmpeg: string;
  readonly dnn: string;
  readonly decode: string;
  readonly encode: string;
  readonly grid: string;
  readonly text: string;
}

/** How the page looks at this moment. */
export interface TimelineLook {
  /** In CSS pixels; 0 while the picture is not shown. */
  readonly width: number;
  /** Pixels of the screen for each of CSS. */
  readonly density: number;
  readonly fontFamily: string;
  readonly palette: TimelinePalette;
}

export type ToTimelineWorker =
  /** First of all: where to draw. Transferred. */
  | { readonly kind: 'canvas'; readonly canvas: OffscreenCanvas }
  | { readonly kind: 'look'; readonly look: TimelineLook }
  | { readonly kind: 'add'; readonly event: TimelineEvent }
  /** The job is done: from now on all of it is drawn. */
  | { readonly kind: 'finish' }
  /** For the next job. */
  | { readonly kind: 'clear' };

/** After each drawing: the same for those who do not see the picture. */
export interface TimelineDrawn {
  /** In CSS pixels. */
  readonly height: number;
  readonly lanes: readonly {
    readonly label: string;
    /** Of the time that is drawn, in words. */
    readonly share: string;
  }[];
}
