import { describe, expect, test } from 'vitest';
import { parseOptions } from '../../base/option-table.ts';
import { sourceText } from '../../base/source-text.ts';
import { parseFilterOptions } from '../../filtergraph/filter-options.ts';
import {
  createDnnContext,
  nireqDefault,
  separateOutputNames,
  threadLimit,
  type DnnContext,
} from './dnn-context.ts';
import { dnnOptions } from './dnn-options.ts';
import type { DNNBackendType } from '../contract/backends.ts';
import { failure } from '../../base/errors.test-support.ts';

const warnings: string[] = [];

function create(args: string, availableBackends: readonly DNNBackendType[] = ['tensorflow']): DnnContext {
  warnings.length = 0;
  const log = (level: string, message: string): void => {
    warnings.push(`${level}: ${message}`);
  };
  const options = parseOptions(dnnOptions, parseFilterOptions(sourceText(args)), 'f', log);
  return createDnnContext(sourceText('f'), options, { availableBackends, log });
}

const base = 'dnn_backend=tensorflow:model=m.pb:input=x:output=y';

describe('createDnnContext', () => {
  test('the least that is needed, and the defaults', () => {
    expect(create(base)).toEqual({
      backendType: 'tensorflow',
      dnnBackend: 'tensorflow',
      model: 'm.pb',
      input: 'x',
      outputs: ['y'],
      nireq: 0,
      async: true,
      batchSize: 0,
      onError: 'fail',
    });
    expect(warnings).toEqual([]);
  });

  test('batch_size=0 chooses, as does leaving it out', () => {
    expect(create(`${base}:batch_size=0`).batchSize).toBe(0);
    expect(create(`${base}:backend_configs=batch_size=0`).batchSize).toBe(0);
    expect(create(`${base}:batch_size=1`).batchSize).toBe(1);
  });

  test('memory_budget is in MiB, 0 leaves it to the default share', () => {
    expect(create(`${base}:memory_budget=512`).memoryBudget).toBe(512 * 1024 * 1024);
    expect(create(`${base}:backend_configs=memory_budget=2147483647`).memoryBudget).toBe(
      2147483647 * 1024 * 1024,
    );
    expect(create(`${base}:memory_budget=0`)).not.toHaveProperty('memoryBudget');
  });

  test.each([
    ['fail', 'fail'],
    ['passthrough', 'passthrough'],
    ['drop', 'drop'],
    ['0', 'fail'],
    ['2', 'drop'],
  ])('on_error=%s', (value, onError) => {
    expect(create(`${base}:on_error=${value}`).onError).toBe(onError);
    expect(create(`${base}:backend_configs='nireq=2&on_error=${value}'`).onError).toBe(onError);
  });

  test('values without names, and the backend by number', () => {
    expect(create("1:m.pb:x:a&b:'nireq=2&batch_size=3':0")).toMatchObject({
      backendType: 'tensorflow',
      outputs: ['a', 'b'],
      nireq: 2,
      batchSize: 3,
      async: false,
    });
  });

  test('backend_configs, the older spelling', () => {
    expect(
      create(`${base}:backend_configs='nireq=4&async=0&batch_size=8&sess_config=0x10022805&device=cpu'`),
    ).toMatchObject({ nireq: 4, async: false, batchSize: 8, sessConfig: '0x10022805', device: 'cpu' });
    expect(warnings).toEqual([]);
  });

  test('direct options, the newer spelling', () => {
    expect(create(`${base}:nireq=4:async=0:batch_size=8:sess_config=0x10:device=CPU`)).toMatchObject({
      nireq: 4,
      async: false,
      batchSize: 8,
      sessConfig: '0x10',
      device: 'CPU',
    });
    expect(warnings).toEqual([]);
  });

  test('kernels of the native backend, by name', () => {
    expect(create(`${base}:backend_configs=kernels=direct`).kernels).toBe('direct');
    expect(create(base).kernels).toBeUndefined();
    expect(failure(() => create(`${base}:backend_configs=kernels=fast`)).message).toContain('kernels');
  });

  test('conv2d_threads of the native backend; 0 and less are whole frames without a word', () => {
    const native = (threads: string) =>
      create(`model=m:input=x:output=y:backend_configs=conv2d_threads=${threads}`, ['native', 'tensorflow']);
    expect(['1', '3', '2147483647'].map((threads) => native(threads).conv2dThreads)).toEqual([
      1, 3, 2147483647,
    ]);
    expect(warnings).toEqual([]);
    for (const threads of ['0', '-1']) expect(native(threads)).not.toHaveProperty('conv2dThreads');
    expect(failure(() => native('many')).message).toContain('conv2d_threads');
    expect(create(`${base}:backend_configs=conv2d_threads=2`)).not.toHaveProperty('conv2dThreads');
  });

  test('a direct option wins over backend_configs, with a warning', () => {
    expect(create(`${base}:nireq=4:backend_configs=nireq=2&batch_size=5`)).toMatchObject({
      nireq: 4,
      batchSize: 5,
    });
    expect(warnings).toEqual([
      'warning: nireq is given both to f and in backend_configs: the former is used',
    ]);
  });

  test('a direct option equal to its default wins too', () => {
    expect(create(`${base}:async=1:backend_configs=async=0`).async).toBe(true);
    expect(warnings).toHaveLength(1);
  });

  test('options is a deprecated name of backend_configs', () => {
    expect(create(`${base}:options=nireq=2`).nireq).toBe(2);
    expect(warnings).toEqual(["warning: Option 'options' of f is deprecated: write backend_configs"]);
  });

  test('what has no effect is warned about', () => {
    create(`${base}:device=cuda:backend_configs=conv2d_threads=2`);
    expect(warnings.map((line) => line.split(':')[1]?.split(' is ignored')[0])).toEqual([
      ' conv2d_threads',
      ' device=cuda',
    ]);
  });

  test.each([
    ['', "Option 'model' of f is missing: write model=FILE.pb"],
    ['model=', "Option 'model' of f is empty"],
    ['model=m', "Option 'input' of f is missing"],
    ['model=m:input=x', "Option 'output' of f is missing"],
    [`${base}:output=`, "Option 'output' of f is empty"],
    [`${base}&&z`, "An empty name, names are joined by one '&', in option 'output' of f"],
    [`${base}&b&c&d&e`, "More than 4 names in option 'output' of f"],
    ['dnn_backend=3:model=m:input=x:output=y', 'dnn_backend=3 of f is no backend'],
    [`${base}:backend_configs=nireq=-1`, "Value -1 for parameter 'nireq' out of range [0 - 2147483647]"],
    [`${base}:batch_size=1001`, "Value 1001 for parameter 'batch_size' out of range [0 - 1000]"],
    [`${base}:memory_budget=-1`, "Value -1 for parameter 'memory_budget' out of range [0 - 2147483647]"],
    [`${base}:on_error=3`, "Value 3 for parameter 'on_error' out of range [0 - 2]"],
    [`${base}:on_error=skip`, 'on_error'],
    [
      `${base}:backend_configs=threads=2`,
      "Option 'threads' of backend_configs of f not found: The options are async, nireq, batch_size, device, device_id, threads_per_operation, sess_config, memory_budget, on_error, conv2d_threads, engine, kernels",
    ],
    [`${base}:backend_configs=nireq`, "No option name near 'nireq' in backend_configs of f"],
  ])('%s is refused', (args, message) => {
    const error = failure(() => create(args));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain(message);
  });

  test('positions of errors inside backend_configs', () => {
    const args = `${base}:backend_configs='nireq=2&bad=1'`;
    expect(failure(() => create(args)).details).toMatchObject({
      position: args.indexOf('bad'),
      option: 'bad',
    });
    const range = `${base}:backend_configs='nireq=2&on_error=3'`;
    expect(failure(() => create(range)).details.position).toBe(range.length - 2);
  });

  test('a backend that is not built in', () => {
    const unset = failure(() => create('model=m:input=x:output=y'));
    expect(unset.code).toBe('ENOSYS');
    expect(unset.message).toContain(
      'dnn_backend of f is not set, and its default, native, is not available in this version: write dnn_backend=tensorflow, which runs frozen TensorFlow models (.pb) and tfjs models',
    );
    for (const name of ['native', 'openvino', 'torch', 'onnx', '8']) {
      const error = failure(() => create(`dnn_backend=${name}:model=m:input=x:output=y`));
      expect(error.code).toBe('ENOSYS');
      expect(error.message).toContain(`Backend ${name === '8' ? 'onnx' : name} of f is not available`);
    }
  });

  test('openvino runs on the native backend', () => {
    const backends = ['tensorflow', 'native'] as const;
    const args = 'dnn_backend=openvino:model=m.xml:input=x:output=y';
    expect(create(args, backends)).toMatchObject({ backendType: 'native', dnnBackend: 'openvino' });
    expect(create('dnn_backend=2:model=m.xml:input=x:output=y', backends).dnnBackend).toBe('openvino');
    expect(create(base, backends).dnnBackend).toBe('tensorflow');
    create(`${args}:device=GPU`, backends);
    expect(warnings).toEqual(['warning: device=GPU is ignored: dnn_backend=openvino runs models on cpu']);
    const configs = 'device=CPU&nireq=2&batch_size=4&input_resizable=1&layout=nchw&scale=255&mean=0';
    expect(create(`${args}:backend_configs='${configs}'`, backends)).toMatchObject({
      nireq: 2,
      batchSize: 4,
      inputResizable: true,
      layout: 'nchw',
      scale: 255,
      device: 'CPU',
    });
  });

  test('onnx takes the options of FFmpeg, and an engine', () => {
    const backends = ['tensorflow', 'native', 'onnx'] as const;
    const args = 'dnn_backend=onnx:model=m.onnx:input=x:output=y';
    expect(create(args, backends)).toMatchObject({ backendType: 'onnx', dnnBackend: 'onnx' });
    expect(create(args, backends)).not.toHaveProperty('engine');
    // Names are looked for in the model.
    expect(create('dnn_backend=onnx:model=m.onnx', backends)).not.toHaveProperty('input');
    expect(() => create('dnn_backend=native:model=m.onnx', backends)).toThrow(
      "Option 'input' of f is missing",
    );
    const configs = "backend_configs='engine=ort&device=cuda&device_id=1'";
    expect(create(`${args}:${configs}:threads_per_operation=4`, backends).engine).toBe('ort');
    expect(warnings).toEqual([
      'warning: device=cuda is ignored: dnn_backend=onnx runs models on cpu',
      'warning: device_id=1 is ignored: there is one device of each name here',
      'warning: threads_per_operation=4 is ignored: a request runs in one thread, nireq says how many run at once',
    ]);
  });

  test('torch says what to do', () => {
    const backends = ['tensorflow', 'native'] as const;
    const refusal = (name: string): string =>
      failure(() => create(`dnn_backend=${name}:model=m:input=x:output=y`, backends)).message;
    expect(refusal('torch')).toMatch(/torch\.onnx\.export.*dnn_backend=onnx:model=model\.onnx/);
  });

  test('a backend becomes available by being listed', () => {
    const backends = ['tensorflow', 'native'] as const;
    expect(create('model=m:input=x:output=y', backends).backendType).toBe('native');
    expect(create(base, backends).backendType).toBe('tensorflow');
  });
});

describe('separateOutputNames', () => {
  test('quoting and blanks follow av_get_token; a final & is nothing', () => {
    const names = (text: string): string[] => separateOutputNames(sourceText('f'), sourceText(text));
    expect(names(" a & 'b&c' &d\\&e")).toEqual(['a', 'b&c', 'd&e']);
    expect(names('y&')).toEqual(['y']);
    expect(names('a&b&c&d')).toHaveLength(4);
  });
});

test('threadLimit', () => {
  expect([1, 2, 8, 0].map(threadLimit)).toEqual([2, 3, 9, 2]);
});

test('nireqDefault', () => {
  expect([1, 2, 4, 8, 16, 3, 0].map(nireqDefault)).toEqual([1, 2, 3, 5, 9, 2, 1]);
});
