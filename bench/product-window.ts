/** What the benchmarks keep on the product's page between two jobs. */
import type { FFmpegDNN, LiveVideo } from '../src/index.ts';
import type { PageWatch } from './page-watch.ts';

declare global {
  interface Window {
    benchFFmpeg?: FFmpegDNN;
    benchLive?: LiveVideo;
    benchStop?: () => Promise<void>;
    benchWatch?: PageWatch;
  }
}
