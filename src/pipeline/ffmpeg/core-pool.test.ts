import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeferred, type Deferred } from '../../base/deferred.ts';
import * as compiledCore from '../../media/compiled-core.ts';
import { FfmpegCore } from '../../media/ffmpeg-core.ts';
import { CorePool } from './core-pool.ts';

const urls = { coreModuleURL: 'module', coreURL: 'core', wasmURL: 'wasm', classWorkerURL: 'worker' };

/** What the pool looks at. */
function fakeCore({ alive = true, terminate = (): void => undefined } = {}): FfmpegCore {
  return { alive, terminate } as unknown as FfmpegCore;
}

let loads: Deferred<FfmpegCore>[];
/** What each load was given. */
let compiled: (Promise<WebAssembly.Module> | undefined)[];

beforeEach(() => {
  loads = [];
  compiled = [];
  vi.spyOn(compiledCore, 'compileCore').mockReturnValue(new Promise(() => undefined));
  vi.spyOn(FfmpegCore, 'load').mockImplementation((_, options) => {
    compiled.push(options?.compiled);
    const load = createDeferred<FfmpegCore>();
    loads.push(load);
    return load.promise;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('CorePool', () => {
  it('gives an idle core again', async () => {
    const pool = new CorePool(urls);
    const taken = pool.take();
    const core = fakeCore();
    loads[0]!.resolve(core);
    pool.give(await taken);
    expect(await pool.take()).toBe(core);
    expect(loads).toHaveLength(1);
  });

  it('prepares only what is neither idle nor on its way', () => {
    const pool = new CorePool(urls);
    pool.give(fakeCore());
    pool.prepare(2);
    pool.prepare(2);
    expect(loads).toHaveLength(1);
  });

  it('prepares no core beside those at work that will be idle in time', async () => {
    const pool = new CorePool(urls);
    const taken = pool.take();
    loads[0]!.resolve(fakeCore());
    const core = await taken;
    pool.prepareBeside(1);
    expect(loads).toHaveLength(1);
    pool.give(core);
    pool.prepareBeside(2);
    expect(loads).toHaveLength(2);
  });

  it('compiles anew for the next core where that failed before', async () => {
    const failed = Promise.reject<WebAssembly.Module>(new Error('offline'));
    const compile = vi.mocked(compiledCore.compileCore).mockReturnValueOnce(failed);
    const pool = new CorePool(urls);
    pool.prepare(2);
    expect(compile).toHaveBeenCalledTimes(1);
    await expect(compiled[1]).rejects.toThrow('offline');
    pool.prepare(3);
    expect(compile).toHaveBeenCalledTimes(2);
    expect(compiled[2]).not.toBe(failed);
  });

  it('gives prepared cores before it loads others', async () => {
    const pool = new CorePool(urls);
    pool.prepare(1);
    const [first, second] = [pool.take(), pool.take()];
    expect(loads).toHaveLength(2);
    const cores = [fakeCore(), fakeCore()];
    cores.forEach((core, index) => {
      loads[index]!.resolve(core);
    });
    expect(await Promise.all([first, second])).toEqual(cores);
  });

  it('tells who takes a prepared core that it did not load, and loads another one for the next', async () => {
    const pool = new CorePool(urls);
    pool.prepare(1);
    loads[0]!.reject(new Error('404'));
    await expect(pool.take()).rejects.toThrow('404');
    const next = pool.take();
    const core = fakeCore();
    loads[1]!.resolve(core);
    expect(await next).toBe(core);
  });

  it('compiles once for all cores', () => {
    const pool = new CorePool(urls);
    pool.prepare(2);
    void pool.take();
    void pool.take();
    void pool.take();
    expect(loads).toHaveLength(3);
    expect(compiledCore.compileCore).toHaveBeenCalledExactlyOnceWith('wasm');
    expect(new Set(compiled).size).toBe(1);
    expect(compiled[0]).toBeInstanceOf(Promise);
  });

  it('ends cores that died, and those above the limit', () => {
    const pool = new CorePool(urls);
    const ended: number[] = [];
    const cores = [false, true, true, true].map((alive, index) =>
      fakeCore({ alive, terminate: () => void ended.push(index) }),
    );
    for (const core of cores) pool.give(core);
    expect(ended).toEqual([0, 3]);
  });
});
