/** Times as ffmpeg's options have them (libavutil/parseutils.c · av_parse_time). Pure. */

/**
 * Seconds of an ffmpeg time option: `12.5`, `00:00:12.5`, `12500ms`.
 *
 * @returns undefined for anything else
 */
export function parseTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const plain = /^(-?\d+(?:\.\d+)?)(ms|us|s)?$/.exec(text);
  if (plain !== null) return Number(plain[1]) * ({ ms: 1e-3, us: 1e-6, s: 1 }[plain[2] ?? 's'] ?? 1);
  const clock = /^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (clock === null) return undefined;
  return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
}
