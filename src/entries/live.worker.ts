/** Entry of the live worker: everything between a page's video source and its canvas. */
import { LiveSession } from '../pipeline/live/live-session.ts';
import { exposeForLife } from '../workers/expose-worker.ts';

exposeForLife(new LiveSession());
