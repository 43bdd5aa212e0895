import { beforeEach, expect, test } from 'vitest';
import { FileStore } from '../../media/file-store.ts';
import { fontNames } from '../../media/font/sfnt.ts';
import { squareFont } from '../../media/font/square-font.test-support.ts';
import { findFonts, type FoundFonts } from './find-fonts.ts';

const srt = '1\n00:00:00,000 --> 00:00:02,000\nHello\n';
const script = (style: string, text: string): string =>
  `[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,${style},20\n` +
  `\n[Events]\nDialogue: 0,0:00:00.00,0:00:02.00,Default,,0,0,0,,${text}\n`;

let store: FileStore;
let lines: string[];

beforeEach(() => {
  store = new FileStore();
  for (const folder of ['/w', '/w/fonts', '/w/empty', '/w/collections']) store.createDir(folder);
  store.writeFile('/w/fonts/a.ttf', squareFont('Square Font'));
  store.writeFile('/w/fonts/.hidden.ttf', squareFont('Arial'));
  store.writeFile('/w/fonts/readme.txt', 'no font at all, but text');
  store.writeFile('/w/collections/c.ttc', 'ttcf and more of it');
  store.writeFile('/w/s.srt', srt);
  store.writeFile('/w/s.ass', script('Square Font', 'Hello'));
  store.writeFile('/w/tags.ass', script('Square Font', '{\\fnImpact\\b1}Hello {\\fn@Verdana}there'));
  store.writeFile('/w/drawn.ass', script('Impact', '{\\p1}m 0 0 l 10 0 10 10{\\p0}'));
  store.writeFile('/w/own.ass', `${script('Impact', 'Hello')}\n[Fonts]\nfontname: i.ttf\n`);
  store.writeFile('/w/film.mkv', `\0\0Format: Name\nStyle: Default,Impact,20\n\0`);
  store.writeFile('/w/fonts.mkv', `\0\0Style: Default,Impact,20\n\0 application/x-truetype-font \0`);
  lines = [];
});

function find(...texts: string[]): Promise<FoundFonts> {
  return findFonts(texts, store, '/w', (level, message) => lines.push(`${level}: ${message}`));
}

/** Families that a substitute has beside its own. */
async function substituted(text: string): Promise<string[]> {
  const { inputs, refusal } = await find(text);
  expect(refusal).toBeUndefined();
  const names = inputs.map(async ({ path, blob }) => {
    expect(path).toMatch(/^\/w\/fonts\/~substitute-0\.ttf$/);
    return fontNames(new Uint8Array(await blob.arrayBuffer())).families.slice(1);
  });
  return (await Promise.all(names)).flat();
}

test.each([
  ['subtitles=s.srt:fontsdir=fonts', ['Arial']],
  ["subtitles=s.srt:fontsdir=fonts:force_style='FontName=DejaVu Sans,FontSize=30'", ['DejaVu Sans']],
  ["subtitles=s.srt:fontsdir=fonts:force_style='FontName=square font'", []],
  ["ass=f=tags.ass:fontsdir='fonts'", ['Impact', 'Verdana']],
  ['subtitles=film.mkv:fontsdir=fonts', ['Impact', 'Arial']],
  ['ass=s.ass:fontsdir=fonts', []],
  ['subtitles=own.ass', []],
  ['subtitles=fonts.mkv', []],
  ['subtitles=missing.srt', []],
  ['scale=64:48,null', []],
  ['drawtext=fontfile=fonts/a.ttf:text=x', []],
  ['drawtext=fonts/a.ttf:text=x', []],
  ['drawtext=text_source=side_data_detection_bboxes', []],
])('%s finds its fonts', async (text, families) => {
  expect(await substituted(text)).toEqual(families);
});

test.each([
  [
    'subtitles=s.srt',
    /^subtitles=s\.srt: there is no font to draw text with, ffmpeg\.wasm has none .*fontsdir=fonts$/,
  ],
  ['null,[a]ass=s.ass[b]', /^ass=s\.ass: there is no font/],
  ['subtitles=s.srt:fontsdir=empty', /empty holds no \.ttf or \.otf file/],
  ['subtitles=s.srt:fontsdir=nowhere', /nowhere holds no/],
  ['subtitles=s.srt:fontsdir=s.ass', /s\.ass holds no/],
  ['drawtext=text=x', /^drawtext: No font filename provided, .*fontfile=fonts\/NAME\.ttf$/],
  ["drawtext=font='DejaVu Sans':text=x", /^drawtext: No font filename provided/],
])('%s is refused, with what to do', async (text, message) => {
  expect((await find('null', text)).refusal).toMatch(message);
});

test('where text may come without a font of ours, or may not be, it is said', async () => {
  expect((await find('subtitles=drawn.ass')).refusal).toBeUndefined();
  expect((await find('subtitles=film.mkv')).refusal).toBeUndefined();
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(
    /^warning: subtitles=film\.mkv: there is no font .* unless the file brings its fonts/,
  );
});

test('a substitute is told of, and so is where there is none', async () => {
  await find('subtitles=s.srt:fontsdir=fonts');
  await find('subtitles=s.srt:fontsdir=collections');
  expect(lines).toEqual([
    'info: No font in /w/fonts is named Arial: Square Font is used in its place',
    "warning: No font in /w/collections is named Arial: text in it is not drawn. Name one that is there in force_style='FontName=…'",
  ]);
});
