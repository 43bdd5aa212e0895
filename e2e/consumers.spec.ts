/**
 * The package as it is installed: pages without a bundler and with each of the usual ones build, and enhance
 * a clip under the strict policy; its types are found, and its command line runs.
 */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StaticServer } from '../bench/static-server.mjs';
import {
  buildProject,
  copyProject,
  installPackages,
  packPackage,
  RegistryUnreachable,
  run,
} from './consumer-project.ts';
import { doubleModel } from './models.ts';
import { expect, test } from './page-test.ts';

const modules = fileURLToPath(new URL('../node_modules', import.meta.url));

let icon: string;
/** Why nothing could be installed, where the registry did not answer: that says nothing of the package. */
let unreachable: string | undefined;

test.beforeAll(() => {
  test.setTimeout(240_000);
  const archive = packPackage();
  icon = join(dirname(archive), 'icon');
  mkdirSync(icon, { recursive: true });
  writeFileSync(join(icon, 'favicon.ico'), '');
  try {
    installPackages(archive);
  } catch (error) {
    if (!(error instanceof RegistryUnreachable)) throw error;
    unreachable = error.message;
  }
});

test.beforeEach(() => {
  test.skip(unreachable !== undefined, `The registry cannot be reached: ${unreachable ?? ''}`);
});

for (const { name, out = 'dist', shows } of [
  { name: 'plain', shows: '0: 128x96, live 128x96' },
  { name: 'vite', shows: '0: 128x96' },
  { name: 'webpack', shows: '0: 128x96' },
  { name: 'esbuild', shows: '0: 128x96' },
  { name: 'next', out: 'out', shows: '0: 128x96' },
]) {
  test(`${name}: builds, and enhances a clip`, async ({ page }) => {
    test.setTimeout(240_000);
    const folder = copyProject(name, doubleModel(3));
    buildProject(folder);
    const server = await StaticServer.start([join(folder, out), icon]);
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== 'blob:' && origin !== server.origin) elsewhere.push(request.url());
    });
    try {
      await page.goto(`${server.origin}/index.html`);
      await expect(page.locator('output')).not.toBeEmpty({ timeout: 60_000 });
      await expect(page.locator('output')).toHaveText(shows);
      expect(elsewhere).toEqual([]);
    } finally {
      await page.close();
      await server.close();
    }
  });
}

test('its types are found by both ways of resolution, and hold by themselves', () => {
  const folder = copyProject('plain', doubleModel(3));
  const source = `import { FFmpegDNN, LiveVideo, registerIsolation, type JobStats, type LoadConfig } from 'ffmpeg-dnn-wasm';
import { FFmpegDNNElement } from 'ffmpeg-dnn-wasm/element';
const config: LoadConfig = { baseURL: '/', bytes: { wasmURL: new Uint8Array(8) } };
export const loading: Promise<boolean> = new FFmpegDNN().load(config);
export const element: FFmpegDNNElement = document.createElement('ffmpeg-dnn');
export const isolation: Promise<{ readonly isolated: boolean }> = registerIsolation();
export const frames = (stats: JobStats): number => stats.frames_out;
export const supported: boolean = LiveVideo.isSupported();
// @ts-expect-error -- there is no such file
export const wrong: LoadConfig = { coreUrl: '/core.js' };
`;
  writeFileSync(join(folder, 'use.ts'), source);
  const tsc = join(modules, 'typescript/bin/tsc');
  for (const [module, resolution] of [
    ['preserve', 'bundler'],
    ['node16', 'node16'],
  ] as const) {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: 'es2023',
      lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable'],
      types: [],
      module,
      moduleResolution: resolution,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    const { failed, text } = run(process.execPath, [tsc, '-p', '.'], folder);
    expect(text.trim()).toBe('');
    expect(failed).toBe(false);
  }
});

test('npx ffmpeg-dnn runs the installed command line', () => {
  test.setTimeout(120_000);
  const folder = copyProject('plain', doubleModel(3));
  // What a user of the command line installs beside the package.
  const playwright = join(folder, 'node_modules/playwright');
  if (!existsSync(playwright)) symlinkSync(join(modules, 'playwright'), playwright, 'dir');
  const clip = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=8:duration=1', '-frames:v', '1'];
  const filter = 'format=rgb24,dnn_processing=model=double.pb:input=x:output=y';
  const { failed, text } = run(
    'npx',
    ['--no-install', 'ffmpeg-dnn', '-y', ...clip, '-vf', filter, 'out.png'],
    folder,
  );
  expect(text).toContain('128x96');
  expect(failed).toBe(false);
  expect(existsSync(join(folder, 'out.png'))).toBe(true);
});
