/** Entry of the pipeline worker: everything between the page and the other workers. */
import { PipelineSession } from '../pipeline/job/pipeline-session.ts';
import { exposeForLife } from '../workers/expose-worker.ts';

exposeForLife(new PipelineSession());
