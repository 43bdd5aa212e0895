/** A folder as docs/recipes.md has it in mind: the package, the models, and inputs that are made for it. */
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import ts from 'typescript';
import { drawFace } from './drawn-face.ts';
import type { FFmpegPage } from './ffmpeg-page.ts';
import { doubleModel, faultModel, smoothModel } from './models.ts';
import type { Recipe } from './recipe-blocks.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = 'testsrc2=size=64x48:rate=8:duration=2';
/** Brighter than anything in the source, on the frames 3 and 9: what the model of `faultModel` fails on. */
const whitePoints =
  "format=yuv420p,geq=lum='if((eq(N\\,3)+eq(N\\,9))*eq(X\\,5)*eq(Y\\,5)\\,255\\,lum(X\\,Y))':cb='cb(X\\,Y)':cr='cr(X\\,Y)'";

/** Makes the folder. @param ffmpeg makes the clips */
export async function makeRecipeFolder(ffmpeg: FFmpegPage): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ffmpeg-dnn-recipes-'));
  symlinkSync(join(root, 'dist/lib'), join(folder, 'ffmpeg-dnn'), 'junction');
  symlinkSync(join(root, 'public/models'), join(folder, 'models'), 'junction');
  writeFileSync(join(folder, 'can.pb'), smoothModel(3));
  writeFileSync(join(folder, 'espcn.pb'), doubleModel(1));
  writeFileSync(join(folder, 'fragile.pb'), faultModel());
  writeFileSync(join(folder, 'favicon.ico'), '');
  await drawFace(ffmpeg.page, 'face.png');
  const made: readonly (readonly [string, readonly string[]])[] = [
    ['in.mp4', ['-f', 'lavfi', '-i', source, '-f', 'lavfi', '-i', 'sine=duration=2', '-pix_fmt', 'yuv420p']],
    ['ten-bit.mkv', ['-f', 'lavfi', '-i', source, '-pix_fmt', 'yuv420p10le', '-c:v', 'ffv1']],
    ['flashes.mkv', ['-f', 'lavfi', '-i', source, '-vf', whitePoints, '-pix_fmt', 'yuv420p', '-c:v', 'ffv1']],
    ['face.mp4', ['-loop', '1', '-r', '4', '-i', 'face.png', '-t', '1', '-pix_fmt', 'yuv420p']],
    ['photo.png', ['-f', 'lavfi', '-i', source, '-frames:v', '1']],
  ];
  for (const [name, words] of made) {
    await ffmpeg.make(...words, name);
    writeFileSync(join(folder, name), await ffmpeg.read(name));
  }
  return folder;
}

/** Removes it; what it links to stays. */
export function removeRecipeFolder(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

/** What the modules of recipes look up. */
const controls =
  '<input type="file" /><button>Go</button><progress></progress><video muted></video><canvas></canvas><output></output>';

/**
 * Writes a block of `html`, or the page that runs a block of `ts` once its button is
 * clicked, as a page of the folder.
 *
 * @param name of its files, which no other recipe has: servers may keep what they have read.
 * @returns the file name of the page
 */
export async function writeRecipePage(
  folder: string,
  name: string,
  { language, code }: Recipe,
): Promise<string> {
  const body = language === 'html' ? code : `${controls}<script type="module" src="run-${name}.js"></script>`;
  if (language === 'ts') {
    writeFileSync(join(folder, `${name}.ts`), code);
    await bundle(folder, name);
    // Starts when the spec has filled in the page, and says how the module ended.
    const run = `document.querySelector('button').addEventListener('click', () => {
      import('./${name}.js').then(
        () => (document.body.dataset.ended = 'well'),
        (error) => (document.body.dataset.ended = String(error)),
      );
    }, { once: true });`;
    writeFileSync(join(folder, `run-${name}.js`), run);
  }
  const head = '<meta charset="utf-8" /><title>Recipe</title>';
  const page = `<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>`;
  writeFileSync(join(folder, `${name}.html`), page);
  return `${name}.html`;
}

/** As a bundler does; the package stays a folder beside the page. */
async function bundle(folder: string, name: string): Promise<void> {
  const build = await rolldown({ input: join(folder, `${name}.ts`), external: ['ffmpeg-dnn-wasm'] });
  await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    paths: { 'ffmpeg-dnn-wasm': './ffmpeg-dnn/index.js' },
  });
  await build.close();
}

/** What TypeScript says of the blocks of `ts`, with the types of the built package. */
export function typeErrors(folder: string, recipes: readonly Recipe[]): string[] {
  const files = recipes.map(({ code }, index) => {
    const path = join(folder, `typed-${index}.ts`);
    writeFileSync(path, code);
    return path;
  });
  const program = ts.createProgram(files, {
    ...{ strict: true, noEmit: true, types: [], exactOptionalPropertyTypes: true },
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    paths: { 'ffmpeg-dnn-wasm': [join(root, 'dist/lib/types/index.d.ts')] },
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
}
