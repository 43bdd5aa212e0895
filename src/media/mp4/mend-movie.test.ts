import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import { FrameRing } from '../frame-ring.ts';
import { MemoryFile } from '../output/memory-file.ts';
import { memoryFolder } from '../output/memory-folder.test-support.ts';
import { createOutputChannel, OutputOp } from '../output/output-channel.ts';
import { journalBytes, OutputJournal } from '../output/output-journal.ts';
import type { OutputResult } from '../output/output-result.ts';
import { OutputWriter } from '../output/output-writer.ts';
import { recoverOutputs } from '../output/recover-outputs.ts';
import { boxesIn } from './box-reader.ts';
import { mendMovie, type MovieFile } from './mend-movie.ts';
import { movieBox } from './movie-template.ts';
import { decodePacket, type MuxedPacket } from './muxed-packet.ts';
import { loadStockCore, type SentRecord, type StockCore } from './stock-core.test-support.ts';

let core: StockCore;

beforeAll(async () => {
  core = await loadStockCore();
}, 60_000);

const video = '-f lavfi -i testsrc2=s=32x32:r=25';
const sound = '-f lavfi -i sine=440';
const x264 = '-c:v libx264 -preset ultrafast -bf 2 -b_strategy 0';
const twoTexts = '1\n00:00:00,040 --> 00:00:00,120\nHello\n\n2\n00:00:00,600 --> 00:00:00,800\nWorld\n';
const chapter = (start: number, title: string): string =>
  `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${start}\nEND=${start + 100}\ntitle=${title}\n`;
const texts = { '/s.srt': twoTexts };
const chapters = { '/c.txt': `;FFMETADATA1\n${chapter(0, 'One')}${chapter(100, 'Two')}` };

/** What the writer makes of the records of a core that is killed behind them. */
async function write(records: readonly SentRecord[], template?: Uint8Array): Promise<OutputResult> {
  const channel = createOutputChannel(2 ** 25);
  const ring = new FrameRing(channel.requests);
  for (const { bytes } of records) ring.tryWrite(bytes);
  ring.end();
  const templateOf = (): Promise<Uint8Array> =>
    template === undefined ? Promise.reject(new Error('no template')) : Promise.resolve(template);
  return new OutputWriter(channel, { targets: new Map() }, templateOf).run();
}

async function bytesOf({ files }: OutputResult): Promise<Uint8Array> {
  return new Uint8Array(await files[0]!.blob!.arrayBuffer());
}

/** The records before ffmpeg begins to finish the file: it goes back to a place before its end. */
function beforeTrailer(records: readonly SentRecord[]): SentRecord[] {
  let size = 0;
  const end = records.findIndex(({ op, offset, length }) => {
    if (op !== OutputOp.write) return false;
    if (offset < size) return true;
    size = offset + length;
    return false;
  });
  return records.slice(0, end);
}

/** What most files are. */
const usual = [`${video} ${sound} -t TIME ${x264} -c:a aac OUT`, '/o.mp4'] as const;
const known = new Map<string, Runs>();

interface Runs {
  readonly records: readonly SentRecord[];
  readonly template: Uint8Array;
}

/** A run over one second, and one of its first frames: the template. */
function runs(words: string, path: string, inputs?: Readonly<Record<string, string>>): Runs {
  const run = words.replace('OUT', `-flush_packets 1 ${path}`);
  let made = known.get(run);
  if (made === undefined) {
    const records = core.records(run.replace('TIME', '1'), inputs);
    made = { records, template: movieBox(core.file(run.replace('TIME', '0.2'), path, inputs))! };
    known.set(run, made);
  }
  return made;
}

test.each<[name: string, words: string, path: string, frames: number, inputs?: Record<string, string>]>([
  ['H.264 and AAC', ...usual, 25],
  ['H.264 and raw sound in mov', `${video} ${sound} -t TIME ${x264} -c:a pcm_s16le OUT`, '/o.mov', 25],
  [
    'H.264 and AAC in f4v, which begins at zero',
    `${video} ${sound} -t TIME ${x264} -c:a aac OUT`,
    '/o.f4v',
    25,
  ],
  ['without an edit list', `${video} ${sound} -t TIME -use_editlist 0 -c:v mpeg4 -c:a aac OUT`, '/o.mp4', 25],
  ['MPEG-4 with B-frames', `${video} -t TIME -c:v mpeg4 -bf 2 OUT`, '/o.m4v', 25],
  ['sound alone that begins late', `-itsoffset 0.1 ${sound} -t TIME -c:a aac -f ipod OUT`, '/o.m4a', 40],
  ['subtitles', `${video} -i /s.srt -t TIME -c:v mpeg4 -c:s mov_text OUT`, '/o.mp4', 25, texts],
  ['chapters', `${video} -i /c.txt -map 0 -map_metadata 1 -t TIME -c:v mpeg4 OUT`, '/o.mp4', 25, chapters],
])(
  '%s: a file that lacks its end alone becomes the file of stock ffmpeg',
  async (_, words, path, frames, inputs) => {
    const { records, template } = runs(words, path, inputs);
    const whole = await bytesOf(await write(records));
    expect(movieBox(whole)).toBeDefined();
    const result = await write(beforeTrailer(records), template);
    expect(result.mended).toEqual([expect.objectContaining({ path, frames, size: whole.length })]);
    expect(Buffer.compare(await bytesOf(result), whole)).toBe(0);
  },
);

test('a file whose writer is gone too becomes the same by its journal', async () => {
  const { records, template } = runs(...usual);
  const cut = beforeTrailer(records);
  const folder = memoryFolder();
  const spool = { folder: folder.handle, run: 'run' };
  const channel = createOutputChannel(2 ** 25);
  const ring = new FrameRing(channel.requests);
  void new OutputWriter(
    channel,
    { targets: new Map(), spool },
    undefined,
    await OutputJournal.create(spool, 0),
  ).run();
  for (const { bytes } of cut) ring.tryWrite(bytes);
  await expect.poll(() => ring.available).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  folder.letGo();
  const outputs = { targets: new Map(), spool };
  const result = await recoverOutputs(await journalBytes(spool), outputs, () => Promise.resolve(template));
  const expected = await write(cut, template);
  expect(result.mended).toEqual(expected.mended);
  expect(Buffer.compare(await bytesOf(result), await bytesOf(expected))).toBe(0);
});

test('a file that ends anywhere plays its whole samples, with the times of the whole file', async () => {
  const { records, template } = runs(...usual);
  const decode = (file: Uint8Array, streams: string): string[] =>
    new TextDecoder()
      .decode(
        core.file(`-i /cut.mp4 -map 0:${streams} -f framemd5 /md5.txt`, '/md5.txt', { '/cut.mp4': file }),
      )
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
  const whole = await bytesOf(await write(records));
  const pictures = decode(whole, 'v');
  const tones = decode(whole, 'a');
  const unfinished = beforeTrailer(records);
  for (const share of [0.3, 0.9]) {
    const result = await write(unfinished.slice(0, Math.floor(unfinished.length * share)), template);
    const [mended] = result.mended!;
    const frames = mended !== undefined && 'frames' in mended ? mended.frames : 0;
    expect(frames).toBeGreaterThan(4);
    expect(frames).toBeLessThan(25);
    const cut = await bytesOf(result);
    const shown = decode(cut, 'v');
    expect(shown).toHaveLength(frames);
    // A picture that refers to one which was not encoded any more comes out otherwise: the last one at most.
    expect(shown.filter((line) => !pictures.includes(line)).length).toBeLessThanOrEqual(1);
    const heard = decode(cut, 'a');
    expect(heard.length).toBeGreaterThan(8);
    expect(heard).toEqual(tones.slice(0, heard.length));
  }
});

/** The parts of a killed run of H.264 and AAC, without the core. */
interface Killed {
  readonly bytes: Uint8Array;
  readonly packets: readonly MuxedPacket[];
  readonly writeEnds: readonly number[];
  readonly template: Uint8Array;
}

async function killedRun(): Promise<Killed> {
  const { records, template } = runs(...usual);
  const sent = beforeTrailer(records);
  return {
    bytes: await bytesOf(await write(sent)),
    packets: sent.filter(({ op }) => op === OutputOp.packet).map(({ payload }) => decodePacket(payload)),
    writeEnds: sent.filter(({ op }) => op === OutputOp.write).map(({ offset, length }) => offset + length),
    template,
  };
}

function fileOf(bytes: Uint8Array, capacity = Infinity): MovieFile & { bytes: () => Promise<Uint8Array> } {
  const file = new MemoryFile();
  file.write(0, bytes);
  return {
    read: (offset, into) => file.read(offset, into),
    write: (offset, part) => {
      if (offset + part.length > capacity) throw new DnnError('ENOSPC', 'full');
      file.write(offset, part);
    },
    truncate: (size) => {
      file.truncate(size);
    },
    rest: () => undefined,
    bytes: async () => new Uint8Array(await (await file.finish()).arrayBuffer()),
  };
}

const isFull = (error: unknown): boolean => error instanceof DnnError && error.code === 'ENOSPC';

test('on a full disk the last samples make room for the index', async () => {
  const { bytes, template, ...record } = await killedRun();
  const free = await mendMovie(fileOf(bytes), bytes.length, record, () => Promise.resolve(template), isFull);
  const file = fileOf(bytes, bytes.length);
  const full = await mendMovie(file, bytes.length, record, () => Promise.resolve(template), isFull);
  expect(free?.frames).toBe(25);
  expect(full!.frames).toBeGreaterThan(5);
  expect(full!.frames).toBeLessThan(25);
  expect(full!.size).toBeLessThanOrEqual(bytes.length);
  expect(boxesIn(await file.bytes()).map(({ type }) => type)).toEqual(['ftyp', 'free', 'mdat', 'moov']);
});

test('what needs no mending or allows none is left as it is', async () => {
  const { bytes, template, ...record } = await killedRun();
  const never = (): Promise<Uint8Array> => Promise.reject(new Error('not to be asked'));
  const done = fileOf(bytes);
  await mendMovie(done, bytes.length, record, () => Promise.resolve(template), isFull);
  const finished = await done.bytes();
  expect(await mendMovie(fileOf(finished), finished.length, record, never, isFull)).toBeUndefined();
  const asked: [bytes: Uint8Array, record: typeof record, template: Uint8Array, why: string][] = [
    [bytes.subarray(0, 20), record, template, 'Nothing was encoded yet.'],
    [bytes, { ...record, packets: [] }, template, 'No whole sample was found.'],
    [bytes, record, twice(template), 'It has more than one video track, whose packets cannot be told apart.'],
  ];
  for (const [content, known, movie, why] of asked) {
    const file = fileOf(content);
    const mending = mendMovie(file, content.length, known, () => Promise.resolve(movie), isFull);
    await expect(mending).rejects.toMatchObject({ name: 'DnnError', code: 'EIO', message: why });
    expect(Buffer.compare(await file.bytes(), content)).toBe(0);
  }
});

/** An index in which each track stands twice. */
function twice(movie: Uint8Array): Uint8Array {
  const tracks = boxesIn(movie, 8).filter(({ type }) => type === 'trak');
  const longer = Buffer.concat([movie, ...tracks.map(({ start, end }) => movie.subarray(start, end))]);
  longer.writeUInt32BE(longer.length, 0);
  return longer;
}

test('damaged parts end in a file or a DnnError, soon', async () => {
  const { bytes, template, packets, writeEnds } = await killedRun();
  const damage = fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), value: fc.nat(255) }), {
    maxLength: 12,
  });
  const damaged = (content: Uint8Array, changes: readonly { at: number; value: number }[]): Uint8Array => {
    const copy = content.slice();
    for (const { at, value } of changes) copy[Math.floor(at * (copy.length - 1))] = value;
    return copy;
  };
  await fc.assert(
    fc.asyncProperty(damage, damage, fc.nat(300), async (inFile, inTemplate, drop) => {
      const content = damaged(bytes, inFile);
      const record = { packets: packets.filter((_, index) => index !== drop), writeEnds };
      const movie = damaged(template, inTemplate);
      const mending = mendMovie(
        fileOf(content),
        content.length,
        record,
        () => Promise.resolve(movie),
        isFull,
      );
      const thrown: unknown = await mending.then(
        () => undefined,
        (error: unknown) => error,
      );
      if (thrown !== undefined) expect(thrown).toBeInstanceOf(DnnError);
    }),
    { numRuns: 60 },
  );
});

test('a file of more than 4 GiB gets sizes and offsets of 64 bits', async () => {
  const template = movieBox(core.file(`${sound} -t 0.2 -c:a pcm_s16le /o.mov`, '/o.mov'))!;
  const packetSize = 2 ** 30;
  const head = Buffer.from('00000014667479707174202000000200717420200000000877696465000000006d646174', 'hex');
  const packets = Array.from({ length: 5 }, (_, index): MuxedPacket => {
    const pts = (index * packetSize) / 2;
    return { type: 'audio', pts, dts: pts, duration: packetSize / 2, size: packetSize };
  });
  const writeEnds = [head.length, ...packets.map((_, index) => head.length + (index + 1) * packetSize)];
  let size = writeEnds.at(-1)!;
  const written = new Map<number, Uint8Array>();
  const file: MovieFile = {
    read: (offset, into) => {
      const count = Math.max(0, Math.min(into.length, size - offset));
      into.fill(0).set(head.subarray(offset, offset + count));
      return count;
    },
    write: (offset, part) => void written.set(offset, part.slice()),
    truncate: (to) => void (size = to),
    rest: () => undefined,
  };
  const record = { packets, writeEnds };
  const mended = await mendMovie(file, size, record, () => Promise.resolve(template), isFull);
  expect(mended?.frames).toBe(5);
  // The empty box in front gives its place: 1, mdat, and the size in 64 bits.
  expect(Buffer.from(written.get(20)!).toString('hex')).toBe('000000016d6461740000000140000010');
  const movie = Buffer.from(written.get(size)!);
  expect(movie.includes('co64')).toBe(true);
  expect(movie.readBigUInt64BE(movie.indexOf('co64') + 12)).toBe(36n);
});
