/** What the jobs of a session hold, for leak checks: all zero when no job runs. */

/** Counters of one job. */
export interface JobResources {
  /** Frame buffers on their way. */
  frames(): number;
  /** Most tensors that an inference worker held between two requests beside its weights. */
  strayTensors(): number;
}

export class ResourceLedger {
  readonly #jobs = new Map<JobResources, { hasEnded: boolean }>();

  /** @returns to be called when the job has ended; what it then still holds is counted on. */
  track(job: JobResources): () => void {
    const state = { hasEnded: false };
    this.#jobs.set(job, state);
    return () => {
      state.hasEnded = true;
    };
  }

  get runningJobs(): number {
    this.#forgetClean();
    return [...this.#jobs.values()].filter(({ hasEnded }) => !hasEnded).length;
  }

  get frames(): number {
    return this.#sum((job) => job.frames());
  }

  get strayTensors(): number {
    return this.#sum((job) => job.strayTensors());
  }

  #sum(count: (job: JobResources) => number): number {
    this.#forgetClean();
    return [...this.#jobs.keys()].reduce((sum, job) => sum + count(job), 0);
  }

  #forgetClean(): void {
    for (const [job, { hasEnded }] of this.#jobs) {
      if (hasEnded && job.frames() === 0 && job.strayTensors() === 0) this.#jobs.delete(job);
    }
  }
}
