import { describe, expect, test } from 'vitest';
import type { DnnError } from '../base/errors.ts';
import type { DnnContext } from '../dnn/options/dnn-context.ts';
import { filtersOf } from '../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../filtergraph/parse-filtergraph.ts';
import { framePixelFormats, type PixelFormat } from '../frame/pixel-format.ts';
import type { ModelInput, VideoLink } from './dnn-filter.ts';
import { dnnProcessing } from './dnn-processing.ts';
import { failure } from '../base/errors.test-support.ts';

const warnings: string[] = [];

/** Reads the second filter of the graph. */
function parse(text: string): DnnContext {
  warnings.length = 0;
  return dnnProcessing.parse(filtersOf(parseFiltergraph(text))[1]!, {
    availableBackends: ['tensorflow'],
    log: (level, message) => {
      warnings.push(`${level}: ${message}`);
    },
  });
}

const working = 'null,dnn_processing=dnn_backend=tensorflow:model=m.pb:input=x:output=y';
const context: DnnContext = {
  backendType: 'tensorflow',
  dnnBackend: 'tensorflow',
  model: 'm.pb',
  input: 'x',
  outputs: ['y'],
  nireq: 0,
  async: true,
  batchSize: 0,
  onError: 'fail',
};

describe('options', () => {
  test('a context', () => {
    expect(parse(working)).toEqual(context);
  });

  test('the documented command lines of FFmpeg', () => {
    expect(
      parse(
        'format=rgb24,dnn_processing=dnn_backend=tensorflow:model=espcn.pb:input=x:output=y:backend_configs=sess_config=0x10022805320e09cdccccccccccec3f20012a01303801',
      ),
    ).toMatchObject({ model: 'espcn.pb', sessConfig: '0x10022805320e09cdccccccccccec3f20012a01303801' });
  });

  test('errors point into the whole -vf string', () => {
    const text = `${working}:modle=a`;
    expect(failure(() => parse(text)).details.position).toBe(text.indexOf('modle'));
    const missing = 'scale=1:1, dnn_processing=dnn_backend=tensorflow';
    const error = failure(() => parse(missing));
    expect(error.details).toMatchObject({
      position: missing.indexOf('dnn'),
      option: 'model',
      filter: 'dnn_processing',
    });
    expect(error.message.split('\n')[2]?.indexOf('^')).toBe(missing.indexOf('dnn') + 2);
  });

  test('scale and mean: pixels are given as 0 to 1', () => {
    expect(parse(`${working}:scale=255:mean=0`).scale).toBe(255);
    expect(parse(`${working}:backend_configs=scale=0&mean=0`)).toEqual({ ...context, mean: 0 });
    for (const [options, word] of [
      ['scale=127.5', '127.5'],
      ['backend_configs=scale=255&mean=1', 'scale=255&mean=1'],
      ['mean=0.5', '0.5'],
    ] as const) {
      const text = `${working}:${options}`;
      const error = failure(() => parse(text));
      expect(error.code).toBe('ENOSYS');
      expect(error.message).toMatch(/gives pixels as 0 to 1: write scale=255 \(or 0\) and mean=0/);
      expect(error.details['position']).toBe(text.lastIndexOf(word));
    }
  });

  test('without options', () => {
    expect(failure(() => parse('null,dnn_processing')).message).toContain(
      "Option 'model' of dnn_processing is missing",
    );
  });

  test('enable is refused, other generic options are warned about', () => {
    const error = failure(() => parse(`${working}:enable='between(t,1,2)'`));
    expect(error.code).toBe('ENOSYS');
    expect(error.message).toContain("Timeline ('enable' option) not supported with filter 'dnn_processing'");
    expect(parse(`${working}:threads=2`)).toEqual(context);
    expect(warnings).toEqual([
      "warning: Option 'threads' has no effect on dnn_processing: nireq says how many requests run at once",
    ]);
  });
});

const frame: VideoLink = { format: 'yuv420p', width: 32, height: 24 };

function configInput(input: Partial<VideoLink>, model: Partial<ModelInput>): void {
  dnnProcessing.configInput(
    context,
    { ...frame, ...input },
    { dims: [1, -1, -1, 1], dtype: 'float32', ...model },
  );
}

function inputFailure(input: Partial<VideoLink>, model: Partial<ModelInput>): DnnError {
  return failure(() => {
    configInput(input, model);
  });
}

describe('configInput', () => {
  test.each(framePixelFormats.map((format) => [format, /rgb|bgr|gbr/.test(format) ? 3 : 1] as const))(
    '%s needs a model of %d channels',
    (format: PixelFormat, channels: number) => {
      configInput({ format }, { dims: [1, -1, -1, channels] });
      for (const wrong of [1, 2, 3, 4, -1]) {
        if (wrong === channels) continue;
        const error = inputFailure({ format }, { dims: [1, -1, -1, wrong] });
        expect(error.code).toBe('EIO');
        expect(error.message).toContain(`a frame of ${format} needs ${channels}`);
      }
    },
  );

  test('a model of fixed size takes frames of that size only', () => {
    configInput({}, { dims: [1, 24, 32, 1] });
    const height = inputFailure({}, { dims: [1, 48, 64, 1] });
    expect(height.code).toBe('EIO');
    expect(height.message).toBe(
      'dnn_processing: the model m.pb takes frames of height 48 only, the frame has 24 (32x24 yuv420p): put scale=64:48 before the filter',
    );
    const freeWidth = inputFailure({}, { dims: [1, 48, -1, 1] });
    expect(freeWidth.message).toContain('put scale=32:48 before the filter');
    const width = inputFailure({}, { dims: [1, -1, 64, 1] });
    expect(width.message).toContain(
      'of width 64 only, the frame has 32 (32x24 yuv420p): put scale=64:24 before',
    );
  });

  test('the checks stand in the order of FFmpeg: height, width, type, channels', () => {
    const model = { dims: [1, 1, 1, 9], dtype: 'uint8' } as const;
    expect(inputFailure({}, model).message).toContain('height');
    expect(inputFailure({ height: 1 }, model).message).toContain('width');
    expect(inputFailure({ height: 1, width: 1 }, model).message).toContain('uint8');
  });

  test('hints name the filter to put before', () => {
    const hint = (format: PixelFormat, channels: number): string =>
      inputFailure({ format }, { dims: [1, -1, -1, channels] }).message;
    expect(hint('yuv420p', 3)).toContain('put format=rgb24 before the filter');
    expect(hint('rgb24', 1)).toContain('put format=yuv420p before the filter');
    expect(hint('rgb24', 4)).toContain('dnn_processing runs models with 1 channel (luma) or 3 (RGB)');
    expect(hint('rgb24', -1)).toContain('has an unknown number of channels');
  });
});

describe('configOutput', () => {
  const output = (width: number, height: number, channels = 1): VideoLink =>
    dnnProcessing.configOutput(context, frame, { width, height, channels });

  test("the link takes the result's size and keeps the format", () => {
    expect(output(64, 48)).toEqual({ format: 'yuv420p', width: 64, height: 48 });
  });

  test.each([
    [0, 48],
    [64, 0],
    [-3, 48],
    [64, NaN],
    [1.5, 48],
  ])('%d x %d is refused', (width, height) => {
    const error = failure(() => output(width, height));
    expect(error.code).toBe('EIO');
    expect(error.message).toContain(`makes ${width}x${height} of a 32x24 frame`);
  });

  test('the channels must be the same again', () => {
    const error = failure(() => output(64, 48, 3));
    expect(error.code).toBe('EIO');
    expect(error.message).toContain(
      'the output of the model m.pb has 3 channels, a frame of yuv420p needs 1',
    );
  });
});
