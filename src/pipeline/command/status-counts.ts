/** The figures of ffmpeg's own status line; mirrors fftools/ffmpeg.c · print_report. */

/** What ffmpeg says of the frames that it has encoded. */
export interface StatusCounts {
  readonly frame: number;
  /** Frames a second since the start. */
  readonly fps: number;
}

/** The counts in `frame=   48 fps= 24 q=… speed=…`; undefined for any other line. */
export function statusCounts(line: string): StatusCounts | undefined {
  const [, frame, fps] = /^frame= *(\d+) fps= *([\d.]+) .* speed=/.exec(line) ?? [];
  return frame === undefined ? undefined : { frame: Number(frame), fps: Number(fps) };
}
