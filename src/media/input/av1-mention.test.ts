import { expect, it } from 'vitest';
import { mentionsAv1 } from './av1-mention.ts';

const text = (words: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(words, (letter) => letter.charCodeAt(0));

function box(type: string, body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const header = new Uint8Array(8);
  new DataView(header.buffer).setUint32(0, 8 + body.length);
  header.set(text(type), 4);
  return [header, body];
}

const samples = new Uint8Array(200_000);

it.each([
  ['an index behind the samples', [...box('mdat', samples), ...box('moov', text('....av01....'))]],
  ['an index at the start', [...box('ftyp', text('isom')), ...box('moov', text('stsd av01'))]],
  ['Matroska', [text('\x1aE\xdf\xa3....V_AV1.')]],
  ['ivf', [text('DKIF\0\0 \0AV01')]],
])('finds AV1 in %s', async (_, parts) => {
  expect(await mentionsAv1(new Blob(parts))).toBe(true);
});

it.each([
  [
    'the samples of another codec',
    [...box('mdat', new Uint8Array([...samples, ...text('av01')])), ...box('moov', text('avc1'))],
  ],
  ['an empty file', []],
  ['a box without end', [...box('mdat', samples).slice(0, 1)]],
  ['a box of no size', [new Uint8Array(200_000)]],
])('finds none in %s', async (_, parts) => {
  expect(await mentionsAv1(new Blob(parts))).toBe(false);
});
