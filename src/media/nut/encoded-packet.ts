/** One packet of an encoded video stream: FFmpeg's AVPacket, as far as codecs need it. */
export interface EncodedPacket {
  /** Presentation time in ticks of the stream's time base; it may go down from packet to packet. */
  readonly pts: number;
  /** AV_PKT_FLAG_KEY. */
  readonly isKey: boolean;
  /** The whole buffer is the packet's; whoever holds the packet owns it, and posting it gives both away. */
  readonly data: ArrayBuffer;
}
