/**
 * Watches the browser below a process: memory of all its processes, CPU of the page's own thread. Linux only.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';

/**
 * @typedef {object} ProcessFigures
 * @property {number} peakPssBytes largest sum over the browser's processes; shared pages count once
 * @property {number} pageCpuMs CPU time of the page's thread
 * @property {number} pageWaitMs time in which the page's thread was ready to run and had no core
 */

const sampleMs = 200;

export class ProcessWatch {
  /** @readonly */
  #pid;
  /** @readonly */
  #timer;
  #peakPssBytes = 0;
  /** @type {{ workers: number, cpuMs: number, waitMs: number }} */
  #page = { workers: 0, cpuMs: 0, waitMs: 0 };

  /** @param {number} pid */
  constructor(pid) {
    this.#pid = pid;
    this.#timer = setInterval(() => {
      this.#sample();
    }, sampleMs);
  }

  /**
   * @param {number | undefined} pid of the command line; the browser is below it
   * @returns {ProcessWatch | undefined} undefined on a system without Linux's /proc
   */
  static start(pid) {
    return pid !== undefined && existsSync('/proc/self/smaps_rollup') ? new ProcessWatch(pid) : undefined;
  }

  /** @returns {ProcessFigures} */
  stop() {
    clearInterval(this.#timer);
    const { cpuMs, waitMs } = this.#page;
    return { peakPssBytes: this.#peakPssBytes, pageCpuMs: cpuMs, pageWaitMs: waitMs };
  }

  #sample() {
    const processes = descendants(this.#pid);
    const sum = processes.reduce((total, pid) => total + pssBytes(pid), 0);
    this.#peakPssBytes = Math.max(this.#peakPssBytes, sum);
    for (const pid of processes) {
      const workers = workerCount(pid);
      // The page's process is the one with the workers; its first thread is the page's.
      if (workers >= Math.max(1, this.#page.workers)) this.#page = { workers, ...threadTimes(pid) };
    }
  }
}

/**
 * @param {number} root
 * @returns {number[]}
 */
function descendants(root) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // pid (comm) state ppid …, where comm may hold anything.
    const stat = read(`/proc/${name}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [...(children.get(root) ?? [])];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** @param {number} pid */
function pssBytes(pid) {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

/** @param {number} pid */
function workerCount(pid) {
  const folder = `/proc/${pid}/task`;
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).filter((tid) => read(`${folder}/${tid}/comm`).startsWith('DedicatedWorker'))
    .length;
}

/** @param {number} pid */
function threadTimes(pid) {
  const [cpu = 0, wait = 0] = read(`/proc/${pid}/task/${pid}/schedstat`).split(' ').map(Number);
  return { cpuMs: cpu / 1e6, waitMs: wait / 1e6 };
}

/**
 * The file's text; empty for a process that has just ended.
 *
 * @param {string} path
 */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
