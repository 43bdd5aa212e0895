/** What `-dnn_detections` writes about a frame, as JSON. */

export interface FoundBox {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly label: string;
  readonly confidence: number;
  readonly classifications: readonly { readonly label: string; readonly confidence: number }[];
}

export interface FoundFrame {
  readonly pts: number;
  readonly time: number;
  readonly filter: string;
  readonly source?: string;
  readonly bboxes: readonly FoundBox[];
}
