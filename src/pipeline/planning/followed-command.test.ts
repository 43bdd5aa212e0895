import { beforeAll, expect, test } from 'vitest';
import { loadStockCore, type StockCore } from '../../media/mp4/stock-core.test-support.ts';
import { OutputOp } from '../../media/output/output-channel.ts';
import { isStatusLine } from '../command/leftover-options.ts';
import { followedCommand } from './follow-packets.ts';

let core: StockCore;

beforeAll(async () => {
  core = await loadStockCore();
}, 60_000);

/** Without what differs between two runs: addresses, status and its empty line, how the core ends. */
const lasting = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => !isStatusLine(line) && !/^(Aborted.*)?$/.test(line))
    .map((line) => line.replace(/0x[0-9a-f]+/g, '0x'));

test.each(['', '-v warning ', '-v level+error '])(
  '%sa file whose packets are followed is the same, and so is the log',
  (level) => {
    const words =
      `${level}-f lavfi -i testsrc2=s=64x48:r=25 -f lavfi -i sine=440 -t 1 -c:v libx264 ` +
      '-preset ultrafast -bf 2 -c:a aac /o.mp4';
    const file = core.file(words, '/o.mp4');
    const lines = lasting(core.lines);
    const { args, followed } = followedCommand(words.split(' '))!;
    const records = core.records(args.join(' '), {}, followed);
    expect(lasting(core.lines)).toEqual(lines);
    const bytes = new Uint8Array(file.length);
    for (const { op, offset, payload } of records) if (op === OutputOp.write) bytes.set(payload, offset);
    expect(Buffer.compare(bytes, file)).toBe(0);
    const packets = records.filter(({ op }) => op === OutputOp.packet);
    expect(packets.length).toBeGreaterThan(25);
  },
);
