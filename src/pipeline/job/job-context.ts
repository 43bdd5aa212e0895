/** What a job gets from the session that runs it. */
import type { FileStore } from '../../media/file-store.ts';
import type { SpoolFolder } from '../../media/output/spool-folder.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import type { DetectionsEvent, LogEvent, Progress, TimelineEvent } from '../../workers/pipeline-api.ts';
import type { CorePool } from '../ffmpeg/core-pool.ts';
import type { ResourceLedger } from '../report/resource-ledger.ts';

export interface JobContext {
  readonly store: FileStore;
  readonly cores: CorePool;
  readonly ledger: ResourceLedger;
  readonly spool: SpoolFolder | undefined;
  readonly assets: AssetUrls;
  readonly log: (event: LogEvent) => void;
  readonly progress: (progress: Progress) => void;
  readonly detections: (events: readonly DetectionsEvent[]) => void;
  readonly timeline: (event: TimelineEvent) => void;
}

/** A job that runs; both kinds are stopped alike. */
export interface RunningJob {
  /** First call: finish the files validly. Second call: end at once. */
  stop(): void;
  /** Why the job can never be paused. */
  readonly cannotPause?: string;
  /** Left out where there is nothing yet to hold back. */
  pause?(): void;
  resume?(): void;
}
