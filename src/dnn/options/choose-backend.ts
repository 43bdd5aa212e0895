/** Which backend runs a model: by the option `dnn_backend`, or by the format of the model. */
import { DnnError } from '../../base/errors.ts';
import type { OptionAssignment } from '../../base/option-table.ts';
import { sourceError, type SourceText } from '../../base/source-text.ts';
import type { Backend } from '../contract/backend.ts';
import { availableBackends, backends, type DNNBackendType } from '../contract/backends.ts';
import { analyticsBackend, dnnBackendConstants } from './backend-values.ts';

/** What a filter says of the backend. */
export interface BackendChoice {
  /** What runs the model; where `dnnBackend` is left out, what runs models whose format says nothing else. */
  readonly backendType: DNNBackendType;
  /** The value of the option `dnn_backend`, by name; left out where the format of the model chooses. */
  readonly dnnBackend?: string;
}

/** The option and whether the user has written it. */
export interface BackendOption {
  readonly values: { readonly dnn_backend: number };
  readonly given: ReadonlyMap<string, OptionAssignment>;
}

/**
 * Reads the option `dnn_backend`.
 *
 * @param filter the filter's name, for messages and for their place where the option is left out.
 * @param available the backends that are built in.
 * @throws DnnError `EINVAL` for a number that is no backend's, `ENOSYS` for a backend that nothing here runs.
 */
export function chooseBackend(
  filter: SourceText,
  { values, given }: BackendOption,
  available: readonly DNNBackendType[],
): BackendChoice {
  const number = values.dnn_backend;
  const assignment = given.get('dnn_backend');
  if (assignment === undefined && number === analyticsBackend)
    return { backendType: usualBackend(available) };
  const value = dnnBackendConstants.find((candidate) => candidate.value === number);
  const backendType = available.find((name) => name === value?.backend);
  if (value !== undefined && backendType !== undefined) return { backendType, dnnBackend: value.name };
  const place = assignment?.value ?? filter;
  const details = { filter: filter.text, option: 'dnn_backend' };
  const wayOut = value?.instead ?? waysToWrite(available);
  if (value === undefined) {
    const names = dnnBackendConstants.map((one) => `${one.name} (${one.value})`).join(', ');
    throw sourceError(
      'EINVAL',
      `dnn_backend=${number} of ${filter.text} is no backend (FFmpeg's are ${names}): ${wayOut}`,
      place,
      0,
      details,
    );
  }
  const subject =
    assignment === undefined
      ? `dnn_backend of ${filter.text} is not set, and its default, ${value.name},`
      : `Backend ${value.name} of ${filter.text}`;
  throw sourceError('ENOSYS', `${subject} is not available in this version: ${wayOut}`, place, 0, details);
}

/**
 * The backend that runs a model of a format.
 *
 * @param model path of the model as the user wrote it, for the message.
 * @throws DnnError `EINVAL` where the value of `dnn_backend` stands for models of another format.
 */
export function backendForFormat(
  { backendType, dnnBackend }: BackendChoice,
  format: { readonly name: string; readonly conventions: { readonly defaultBackend: DNNBackendType } },
  model: string,
): DNNBackendType {
  if (dnnBackend === undefined) return format.conventions.defaultBackend;
  const value = dnnBackendConstants.find(({ name }) => name === dnnBackend);
  if (value?.reads === undefined || value.reads.formats.includes(format.name)) return backendType;
  throw new DnnError(
    'EINVAL',
    `dnn_backend=${dnnBackend} ${value.reads.says}, and '${model}' is none: ${waysToWrite(availableBackends)}`,
    { option: 'dnn_backend', file: model },
  );
}

/** What runs most models: those of TensorFlow. */
function usualBackend(available: readonly DNNBackendType[]): DNNBackendType {
  return available.find((name) => name === 'tensorflow') ?? available[0] ?? 'tensorflow';
}

/** What to write instead, of the backends that are there. */
function waysToWrite(available: readonly DNNBackendType[]): string {
  const names = availableBackends.filter((name) => available.includes(name));
  const written = names.map((name) => `dnn_backend=${name}`).join(' or ');
  const [only, ...more] = names;
  if (only === undefined || more.length > 0) return `write ${written}`;
  const { words }: Backend = backends[only];
  return `write ${written}${words.runs === undefined ? '' : `, which runs ${words.runs}`}`;
}
