/** Names with placeholders, as muxers and demuxers take them, as regular expressions. */

/** Text that stands for itself in a regular expression. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[-.+*?^${}()|[\]\\/]/g, '\\$&');
}

/**
 * What a muxer's name becomes: `%03d` is a number, `%v`, strftime's `%Y` and dash's `$Number$`
 * are any word, `%%` is a percent sign (libavutil/utils.c · av_get_frame_filename2).
 */
export function writtenPattern(name: string): string {
  const parts = name.split(/(%%|%\d*[A-Za-z]|\$[^$/]*\$)/);
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return escapePattern(part);
      if (part === '%%') return '%';
      return /^%\d*d$/.test(part) ? '\\d+' : '[^/]*';
    })
    .join('');
}
