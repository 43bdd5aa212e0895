/** What a worker plans to hold while it runs, where its backend plans its memory. */
export interface PlannedBytes {
  /** Once, however many frames a request has. */
  readonly arenaBytes: number;
  /**
   * For each frame of a request: tensors around the backend; 0 where it takes the frames' bytes as they are.
   */
  readonly tensorBytes: number;
}
