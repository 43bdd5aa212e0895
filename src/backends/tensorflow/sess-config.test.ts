import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import { describeSessConfig, parseSessConfig } from './sess-config.ts';

describe('sess_config', () => {
  it('decodes the example of the FFmpeg documentation', () => {
    expect(describeSessConfig('0x10022805320e09cdccccccccccec3f20012a01303801')).toBe(
      'intra_op_parallelism_threads=2, inter_op_parallelism_threads=5, ' +
        'gpu_options.per_process_gpu_memory_fraction=0.9, gpu_options.allow_growth=1, ' +
        'gpu_options.visible_device_list="0", allow_soft_placement=1',
    );
  });

  it('skips blanks, stops at the first other character and drops a lone digit', () => {
    expect([...parseSessConfig('0x10 02\t28 05z99')]).toEqual([0x10, 2, 0x28, 5]);
    expect([...parseSessConfig('0x10021')]).toEqual([0x10, 2]);
    expect(describeSessConfig('0x')).toBe('nothing');
  });

  it.each(['10022805', '0X1002', '', ' 0x1002'])('refuses the prefix of %j', (text) => {
    expect(() => describeSessConfig(text)).toThrow(expect.objectContaining({ code: 'EINVAL' }) as DnnError);
    expect(() => describeSessConfig(text)).toThrow(/must start with '0x'/);
  });

  it('names bytes in the order used before FFmpeg 4.4 as a mistake', () => {
    expect(() => describeSessConfig('0x013830012a01203feccccccccccccd090e32')).toThrow(/reverse order/);
  });

  it('either describes or refuses any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = `0x${Buffer.from(bytes).toString('hex')}`;
        try {
          expect(describeSessConfig(text).length).toBeGreaterThan(0);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(DnnError);
        }
      }),
    );
  });
});
