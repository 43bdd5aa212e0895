/** What ffmpeg complains of in packets of a browser's encoder that it only copies. Pure. */

/**
 * The core has no decoder of AV1 but one for hardware (libavcodec/av1dec.c · get_pixel_format), so that it
 * learns no pixel format of such packets, which muxers do not need (libavformat/demux.c ·
 * avformat_find_stream_info). The last line names the options of our own pipes: planning/pipe-args.ts.
 */
const complaints: readonly RegExp[] = [
  /^\[av1 @ 0x[0-9a-f]+\] Your platform doesn't suppport hardware accelerated AV1 decoding\.$/,
  /^\[av1 @ 0x[0-9a-f]+\] Failed to get pixel format\.$/,
  /^\[nut @ 0x[0-9a-f]+\] Could not find codec parameters for stream 0 \(Video: av1 .*\): unspecified pixel format$/,
  /^Consider increasing the value for the 'analyzeduration' \(0\) and 'probesize' \(32\) options$/,
];

/** Whether a line of the stage that muxes is such a complaint, which nothing comes of. */
export function isPacketComplaint(line: string): boolean {
  return complaints.some((complaint) => complaint.test(line));
}
