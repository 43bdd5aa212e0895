/** One call to the backend; mirrors OVRequestItem of libavfilter/dnn/dnn_backend_openvino.c. */
import type { LastLevelTaskItem } from './last-level-task-item.ts';

/** A reusable carrier of up to `batchSize` lltasks, bound to one inference worker by its slot. */
export interface RequestItem<In, Item, Out> {
  /** 0 … nireq − 1. */
  readonly slot: number;
  /** Serial number of the call that it carries now, counted from 1 over the whole stream, for messages. */
  serial: number;
  /** What it carries; empty while it is idle. */
  lltasks: readonly LastLevelTaskItem<In, Item, Out>[];
}
