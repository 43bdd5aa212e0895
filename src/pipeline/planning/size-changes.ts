/**
 * A video that changes its size in mid-stream: ffmpeg sets up its filtergraph anew for such frames
 * (fftools/ffmpeg.c, ifilter_send_frame), and scales what comes out to the first size. The graph of a decode
 * stage ends in front of the DNN filter, so they are scaled there, and the user is told.
 */
import { reportName } from './frame-report.ts';

/**
 * The last filters of a stage that decodes: those of `last`, beside which the first frame of each set-up is
 * reported. The others pass untouched.
 *
 * @param label a name that no link of the graph has.
 */
export function reportingSize(localIndex: number, label: string, last: string): string {
  const report = `select='eq(n,0)',${reportName('dnn', localIndex)}=checksum=0,nullsink`;
  return `split[${label}],${report};[${label}]${last}`;
}

/** Looks for the reports among the lines of one decode stage. */
export class SizeChanges {
  readonly #report: RegExp;
  #first: string | undefined;

  constructor(localIndex: number) {
    this.#report = new RegExp(`^\\[${reportName('dnn', localIndex)} @ [^\\]]*\\] (.*)$`);
  }

  /**
   * What to log in place of a line: the line itself, nothing for a report, or that the size has changed.
   */
  inPlaceOf(line: string): string | undefined {
    const report = this.#report.exec(line)?.[1];
    if (report === undefined) return line;
    const frame = / pts: *(\S+) +pts_time:(\S+) .* s:(\d+x\d+) /.exec(report);
    if (frame === null) return undefined;
    const [, pts, time, size] = frame;
    if (this.#first === undefined || this.#first === size) {
      this.#first ??= size;
      return undefined;
    }
    const first = this.#first;
    return (
      `The video changes its size from ${first} to ${size} at ${time} s (pts ${pts}): frames from there on are ` +
      `scaled to ${first} before the DNN filter, where ffmpeg by itself would scale what the filter makes of ` +
      `them. To choose the size, put scale=${first.replace('x', ':')} or another one in front of the filter.`
    );
  }
}
