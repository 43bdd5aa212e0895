/** What each backend can do, known before any of its code is loaded. */
import type { ModelFormat } from '../model/model-format.ts';
import type { DNNBackendType } from './interface.ts';

export interface DNNCapabilities {
  /** Takes several frames in one run, where the graph does; else the frames of a request run one by one. */
  readonly batch: boolean;
  /** Values of the option `device` that it follows, in lower case. */
  readonly devices: readonly string[];
  /** Model files that it runs; all are read into the same Graph. */
  readonly formats: readonly ModelFormat[];
}

const everyForm = ['native', 'graphdef', 'tfjs'] as const;

/** By backend; one that is not built in has none. */
export const backendCapabilities: Readonly<Partial<Record<DNNBackendType, DNNCapabilities>>> = {
  native: { batch: true, devices: ['cpu'], formats: everyForm },
  tensorflow: { batch: true, devices: ['cpu'], formats: everyForm },
};

/** The backends that are built in. */
export const availableBackends = Object.keys(backendCapabilities) as readonly DNNBackendType[];
