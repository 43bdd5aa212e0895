/** Entry of the live worker: everything between a page's video source and its canvas. */
import { expose } from 'comlink';
import { LiveSession } from '../pipeline/live/live-session.ts';
import { installErrorTransfer } from './error-transfer.ts';

installErrorTransfer();
expose(new LiveSession());
