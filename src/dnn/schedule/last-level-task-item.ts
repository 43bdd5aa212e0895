/** One inference of a task; mirrors LastLevelTaskItem of libavfilter/dnn/dnn_backend_common.h. */
import type { TaskItem } from './task-item.ts';

/** The unit that fills batches: a whole frame, or one box of a frame. */
export interface LastLevelTaskItem<In, Item, Out> {
  readonly task: TaskItem<In, Out>;
  /** Index among the task's inferences (FFmpeg's bbox_index). */
  readonly index: number;
  /** What the backend is given. */
  readonly item: Item;
}
