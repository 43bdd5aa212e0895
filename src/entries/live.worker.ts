/** Entry of the live worker: everything between a page's video source and its canvas. */
import { LiveSession } from '../pipeline/live/live-session.ts';
import { exposeWorker } from '../workers/expose-worker.ts';

exposeWorker(new LiveSession());
