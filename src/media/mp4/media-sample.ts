/** One sample of a track, as an index describes it. */
export interface MediaSample {
  /** Byte of the file. */
  readonly offset: number;
  readonly size: number;
  /** In units of the track's time scale, as the muxer got them. */
  readonly dts: number;
  readonly pts: number;
  /** Of the packet; in the file a sample lasts until the next one, and only the last one so long. */
  readonly duration: number;
  /** A player can start here. */
  readonly isSync: boolean;
}
