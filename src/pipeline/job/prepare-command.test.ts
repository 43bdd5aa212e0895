import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import type { CorePool } from '../ffmpeg/core-pool.ts';
import { prepareCommand } from './prepare-command.ts';

const probed: string[] = [];
vi.mock('../codecs/capabilities/probed-codecs.ts', () => ({
  probedEncoder: (_assets: AssetUrls, codec: string) => Promise.resolve(probed.push(codec)),
}));

const prepareBeside = vi.fn();
const prepare = (...args: readonly string[]): Promise<void> =>
  prepareCommand(args, {
    cores: { prepareBeside } as Partial<CorePool> as CorePool,
    assets: {} as AssetUrls,
  });

beforeEach(() => {
  vi.stubGlobal('crossOriginIsolated', true);
});
afterEach(() => {
  vi.unstubAllGlobals();
  prepareBeside.mockReset();
  probed.length = 0;
});

test('cores are loaded, and the encoders that the outputs name are tried', async () => {
  await prepare('-i', 'in.mp4', '-c:v', 'h264_webcodecs', 'a.mp4', '-c:v', 'libx264', 'b.mp4');
  expect(prepareBeside).toHaveBeenCalledWith(2);
  expect(probed).toEqual(['h264']);
});

test('without isolation one core is enough', async () => {
  vi.stubGlobal('crossOriginIsolated', false);
  await prepare('-i', 'in.mp4', '-c:v', 'vp9_webcodecs', 'a.webm');
  expect(prepareBeside).not.toHaveBeenCalled();
  expect(probed).toEqual(['vp9']);
});

test('words that are no command are refused', async () => {
  await expect(prepare('-i')).rejects.toMatchObject({ code: 'EINVAL' });
});
