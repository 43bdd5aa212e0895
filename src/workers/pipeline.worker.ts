/** Entry of the pipeline worker: everything between the page and the other workers. */
import { expose } from 'comlink';
import { PipelineSession } from '../pipeline/pipeline-session.ts';
import { installErrorTransfer } from './error-transfer.ts';

installErrorTransfer();
expose(new PipelineSession());
