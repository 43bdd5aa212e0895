/** What is seen on a page's own thread over some time; see page-watch.mjs. */
export interface PageFigures {
  readonly seconds: number;
  /** Milliseconds of each task of 50 ms or more, as the browser tells. */
  readonly longTasks: readonly number[];
  /**
   * Milliseconds, the longest between two beats of a clock that the page's thread should answer every 5 ms.
   */
  readonly longestBeat: number;
  /** Milliseconds from one animation frame to the next. */
  readonly frameGaps: readonly number[];
  /** Milliseconds from a key's press to the end of the frame that shows it, for each key. */
  readonly inputLatencies: readonly number[];
}

/** A running observation, on the page. */
export interface PageWatch {
  stop(): PageFigures;
}
