/** Entry of the pipeline worker: everything between the page and the other workers. */
import { PipelineSession } from '../pipeline/job/pipeline-session.ts';
import { exposeWorker } from '../workers/expose-worker.ts';

exposeWorker(new PipelineSession());
