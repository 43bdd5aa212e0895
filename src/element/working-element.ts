/** The jobs of `<ffmpeg-dnn>`: one at a time, with what is shown and told as they begin and end. */
import { DnnError, errorMessage } from '../base/errors.ts';
import { ElementJob } from './element-job.ts';
import { StagedElement } from './staged-element.ts';

export abstract class WorkingElement extends StagedElement {
  /** Why the last job, or in live mode the last frame that failed, has failed; null where nothing has. */
  error: Error | null = null;

  /** The last one, until it has ended. */
  #job: ElementJob | undefined;

  /** @internal The last one, until it has ended. */
  protected get job(): ElementJob | undefined {
    return this.#job;
  }

  /** Ends what runs; settles when it has ended. Does nothing where nothing runs. */
  async cancel(): Promise<void> {
    await this.#job?.cancel();
  }

  /**
   * @internal One job at a time; what it throws is shown, told, and thrown. A job that comes while another
   * one is being cancelled waits for that one's end.
   *
   * @param finish called when the next job may come already, as a listener of `complete` wants it.
   */
  protected async alone<T>(work: (job: ElementJob) => Promise<T>, finish: (made: T) => void): Promise<T> {
    const before = this.#job;
    if (before !== undefined && !before.signal.aborted)
      throw new DnnError('EINVAL', 'The element is at work already: cancel() it, or use a second element.');
    const job = (this.#job = new ElementJob());
    this.error = null;
    const { view } = this.setUp();
    view.showError('');
    view.showNotice('');
    this.setState('loading');
    view.say('Loading …');
    let made: T;
    try {
      await before?.ended;
      job.signal.throwIfAborted();
      made = await work(job);
      if (made !== 'live') job.signal.throwIfAborted();
    } catch (error) {
      if (job.signal.aborted) {
        this.stop(job, undefined, 'Cancelled.');
        throw job.signal.reason;
      }
      const reason = error instanceof Error ? error : new Error(errorMessage(error));
      this.stop(job, reason, '');
      this.tell('error', { error: reason });
      throw error;
    }
    // Live video goes on behind process().
    if (made !== 'live') this.#end(job);
    finish(made);
    return made;
  }

  /**
   * @returns whether no other job has come meanwhile, so that the element can say what became of this one.
   */
  #end(job: ElementJob): boolean {
    job.end();
    if (this.#job !== job) return false;
    this.#job = undefined;
    return true;
  }

  /** @internal Ends a job without a result. @param words where it did not fail */
  protected stop(job: ElementJob, error: Error | undefined, words: string): void {
    if (!this.#end(job)) return;
    const { view } = this.setUp();
    view.say(error === undefined ? words : 'Failed.');
    if (error !== undefined) this.showError(error);
    // Last: a listener may start the next job.
    this.setState(error !== undefined ? 'failed' : this.hasSource ? 'ready' : 'empty');
  }

  /** @internal */
  protected showError(error: Error): void {
    this.error = error;
    this.setUp().view.showError(error.message);
  }
}
