/** What the demo offers. The models are made by the set-up script and served beside the page. */

export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly group: 'Enlarge' | 'Clean' | 'Find' | 'Own';
  /** The chain after `-vf`; {@link ownModel} stands for the user's. */
  readonly filter: string;
  /** Files below `models/`, fetched when the filter names them. */
  readonly models: readonly string[];
  /** Live: filters to step down to where the machine is too slow, one after another. */
  readonly fallback?: readonly string[];
  /** Their models too. */
  readonly fallbackModels?: readonly string[];
}

/** Stands in a preset's filter until the user gives a model. */
export const ownModel = 'YOUR-MODEL.pb';

const anime4kFilter = (size: string): string =>
  `format=rgb24,dnn_processing=model=anime4k-2x-${size}.pb:input=x:output=y`;
const anime4kModel = (size: string): string => `anime4k-2x-${size}.pb`;

function anime4k(size: 's' | 'm' | 'l', title: string, ...lighter: readonly string[]): Preset {
  return {
    ...{ id: `anime4k-${size}`, title, group: 'Enlarge' },
    ...{ filter: anime4kFilter(size), models: [anime4kModel(size)] },
    ...{ fallback: lighter.map(anime4kFilter), fallbackModels: lighter.map(anime4kModel) },
  };
}

const faces =
  'dnn_detect=model=blazeface.json:input=input:output=Identity&Identity_1&Identity_2&Identity_3:model_type=blazeface:scale=127.5:mean=127.5:labels=blazeface-labels.txt';
const emotions =
  'dnn_classify=model=emotion.json:input=input_1:output=Identity:scale=127.5:mean=127.5:labels=emotion-labels.txt:target=face';

const faceModels = ['blazeface.json', 'blazeface.bin', 'blazeface-labels.txt'];

export const presets: readonly Preset[] = [
  anime4k('s', 'Twice the size, fast (Anime4K S)'),
  anime4k('m', 'Twice the size, balanced (Anime4K M)', 's'),
  anime4k('l', 'Twice the size, best (Anime4K L)', 'm', 's'),
  {
    id: 'esrgan',
    title: 'Twice the size, slow and crisp (ESRGAN slim)',
    group: 'Enlarge',
    filter: 'format=rgb24,dnn_processing=model=esrgan-slim-2x.json:input=LR:output=SR',
    models: ['esrgan-slim-2x.json', 'esrgan-slim-2x.bin'],
    fallback: ['m', 's'].map(anime4kFilter),
    fallbackModels: ['m', 's'].map(anime4kModel),
  },
  {
    id: 'derain',
    title: 'Take away rain, with your model (derain)',
    group: 'Clean',
    filter: `format=rgb24,derain=model=${ownModel}:input=x:output=y`,
    models: [],
  },
  {
    id: 'faces',
    title: 'Faces (BlazeFace)',
    group: 'Find',
    filter: faces,
    models: faceModels,
  },
  {
    id: 'emotions',
    title: 'Faces and their emotions (BlazeFace, emotion)',
    group: 'Find',
    filter: `${faces},${emotions}`,
    models: [...faceModels, 'emotion.json', 'emotion.bin', 'emotion-labels.txt'],
  },
  {
    id: 'objects',
    title: 'Objects (CenterNet, 80 kinds)',
    group: 'Find',
    filter:
      'dnn_detect=model=centernet.json:input=tower_0/images:output=tower_0/detections:model_type=centernet:labels=coco-labels.txt',
    models: ['centernet.json', 'centernet.bin', 'coco-labels.txt'],
  },
  {
    id: 'custom',
    title: 'Own filter chain and model',
    group: 'Own',
    filter: `format=yuv420p,dnn_processing=model=${ownModel}:input=x:output=y`,
    models: [],
  },
];

/**
 * Those of the page's own models that a chain names, in a way that they are found: with
 * the files that belong to them.
 */
export function modelsOf(preset: Preset, filter: string): readonly string[] {
  const isNamed = (name: string): boolean => filter.includes(name.replace(/\.bin$/, '.json'));
  const others = (preset.fallbackModels ?? []).filter((name) => !preset.models.includes(name));
  return [...preset.models.filter(isNamed), ...(filter === preset.filter ? others : [])];
}

/** The preset's chain with the user's model in it, where there is one. */
export function filterOf(preset: Preset, own: string | undefined): string {
  return own === undefined ? preset.filter : preset.filter.replaceAll(ownModel, own);
}
