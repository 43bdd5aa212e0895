/** Reductions and normalisations of OpenVINO's opset. */
import type { IrRule, IrTranslation } from './ir-translation.ts';

function reduce(op: string): IrRule {
  return (layer) => {
    const axes = layer.addInts(layer.constant(1, 'axes'));
    return layer.add(op, [layer.input(0), axes], { keep_dims: layer.flag('keep_dims', false) });
  };
}

/** √Σx², along the axes. */
const reduceL2: IrRule = (layer) => {
  const axes = layer.addInts(layer.constant(1, 'axes'));
  const keep = layer.flag('keep_dims', false);
  const sum = layer.add('Sum', [layer.add('Square', [layer.input(0)]), axes], { keep_dims: keep });
  return layer.add('Sqrt', [sum]);
};

/** x / √(Σx² + eps), or with the larger of both. */
const normalizeL2: IrRule = (layer) => {
  const axes = layer.addInts(layer.constant(1, 'axes'));
  const mode = layer.text('eps_mode').toLowerCase();
  if (mode !== 'add' && mode !== 'max') throw layer.error(`has eps_mode='${mode}'`);
  const sum = layer.add('Sum', [layer.add('Square', [layer.input(0)]), axes], { keep_dims: true });
  const safe = layer.add(mode === 'add' ? 'AddV2' : 'Maximum', [sum, layer.addNumber(layer.number('eps'))]);
  return layer.add('RealDiv', [layer.input(0), layer.add('Sqrt', [safe])]);
};

/** Opset 1 has the data behind scale and offset, opset 5 in front. */
const batchNorm: IrRule = (layer) => {
  const data = layer.layer.opset === 'opset5' ? 0 : 2;
  const others = [0, 1, 2, 3, 4].filter((index) => index !== data);
  const epsilon = layer.has('epsilon') ? layer.number('epsilon') : layer.number('eps');
  if (layer.rank(data) !== 4) throw layer.unsupported(`of a tensor of rank ${layer.rank(data)}`);
  const inputs = [data, ...others].map((index) => layer.input(index));
  return layer.add('FusedBatchNormV3', inputs, {
    data_format: 'NCHW',
    epsilon: { f: epsilon },
    is_training: false,
    U: { type: 'float32' },
  });
};

/** (x − mean) / √(variance + eps), eps inside or outside the root. */
const mvn: IrRule = (layer) => {
  if (layer.layer.opset === 'opset2') throw layer.unsupported('of opset 2');
  const axes = layer.addInts(layer.constant(1, 'axes'));
  const mean = (of: string): string => layer.add('Mean', [of, axes], { keep_dims: true });
  const centred = layer.add('Sub', [layer.input(0), mean(layer.input(0))]);
  if (!layer.flag('normalize_variance', true)) return centred;
  const variance = mean(layer.add('Square', [centred]));
  const eps = layer.addNumber(layer.number('eps'));
  const inside = layer.text('eps_mode', 'inside_sqrt').toLowerCase() === 'inside_sqrt';
  const deviation = inside
    ? layer.add('Sqrt', [layer.add('AddV2', [variance, eps])])
    : layer.add('AddV2', [layer.add('Sqrt', [variance]), eps]);
  return layer.add('RealDiv', [centred, deviation]);
};

/** By the type of a layer. */
export const normalisationLayers: Readonly<Record<string, (layer: IrTranslation) => string>> = {
  ReduceMean: reduce('Mean'),
  ReduceMax: reduce('Max'),
  ReduceMin: reduce('Min'),
  ReduceSum: reduce('Sum'),
  ReduceProd: reduce('Prod'),
  ReduceL2: reduceL2,
  NormalizeL2: normalizeL2,
  BatchNormInference: batchNorm,
  MVN: mvn,
};
