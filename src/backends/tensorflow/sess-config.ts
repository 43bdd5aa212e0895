/**
 * The `sess_config` option: a serialized tensorflow.ConfigProto in hex; mirrors
 * libavfilter/dnn/dnn_backend_tf.c · load_tf_model.
 */
import { DnnError } from '../../base/errors.ts';

/** Field numbers of ConfigProto (tensorflow/core/protobuf/config.proto) that people set in practice. */
const configFields: Readonly<Record<number, string>> = {
  1: 'device_count',
  2: 'intra_op_parallelism_threads',
  3: 'placement_period',
  4: 'device_filters',
  5: 'inter_op_parallelism_threads',
  6: 'gpu_options',
  7: 'allow_soft_placement',
  8: 'log_device_placement',
  9: 'use_per_session_threads',
  10: 'graph_options',
  11: 'operation_timeout_in_ms',
  12: 'session_inter_op_thread_pool',
  13: 'rpc_options',
  14: 'cluster_def',
  15: 'isolate_session_state',
  16: 'experimental',
  17: 'share_cluster_devices_in_session',
};

/** Field numbers of GPUOptions. */
const gpuFields: Readonly<Record<number, string>> = {
  1: 'per_process_gpu_memory_fraction',
  2: 'allocator_type',
  3: 'deferred_deletion_bytes',
  4: 'allow_growth',
  5: 'visible_device_list',
  6: 'polling_active_delay_usecs',
  7: 'polling_inactive_delay_msecs',
  8: 'force_gpu_compatible',
  9: 'experimental',
};

/** One decoded field of the message. */
type FieldValue = number | Uint8Array;

/**
 * The bytes of a `0x…` string, in file order. As FFmpeg reads it: blanks between digits are skipped, the
 * first other character ends the data, a lone last digit is dropped.
 *
 * @throws DnnError `EINVAL` where the string does not start with a lower-case `0x`.
 */
export function parseSessConfig(text: string): Uint8Array {
  if (!text.startsWith('0x')) {
    throw new DnnError(
      'EINVAL',
      `sess_config=${text}: must start with '0x', followed by the hex digits of a serialized ConfigProto.`,
      { option: 'sess_config' },
    );
  }
  const digits = /^[0-9a-fA-F\s]*/.exec(text.slice(2))![0].replace(/\s/g, '');
  const bytes = new Uint8Array(digits.length >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/**
 * What a `sess_config` asks for, in words, such as
 * `intra_op_parallelism_threads=2, gpu_options.allow_growth=1`. A browser session has none of these settings:
 * the text is for the warning that says what is ignored.
 *
 * @throws DnnError `EINVAL` on a bad prefix or on bytes that are no protobuf message.
 */
export function describeSessConfig(text: string): string {
  const bytes = parseSessConfig(text);
  const parts: string[] = [];
  for (const [field, value] of readFields(bytes, text)) {
    const name = configFields[field] ?? `field ${field}`;
    if (name === 'gpu_options' && value instanceof Uint8Array) {
      for (const [gpuField, gpuValue] of readFields(value, text)) {
        const gpuName = gpuFields[gpuField] ?? `field ${gpuField}`;
        parts.push(`${name}.${gpuName}=${showValue(gpuName, gpuValue)}`);
      }
    } else {
      parts.push(`${name}=${showValue(name, value)}`);
    }
  }
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

function showValue(name: string, value: FieldValue): string {
  if (typeof value === 'number') return String(value);
  const isText = name === 'visible_device_list' || name === 'allocator_type' || name === 'device_filters';
  return isText ? JSON.stringify(new TextDecoder().decode(value)) : `(${value.length} bytes)`;
}

/** The fields of one protobuf message. Truncated or impossible bytes are an error, never a loop. */
function readFields(bytes: Uint8Array, text: string): [field: number, value: FieldValue][] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: [number, FieldValue][] = [];
  let position = 0;
  const bad = (): DnnError =>
    new DnnError(
      'EINVAL',
      `sess_config=${text}: the data is no ConfigProto message (byte ${position}). Strings printed before FFmpeg 4.4 ` +
        'have their bytes in reverse order.',
      { option: 'sess_config', byteOffset: position },
    );
  const need = (count: number): void => {
    if (position + count > bytes.length) throw bad();
  };
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      need(1);
      const byte = bytes[position++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw bad();
  };
  while (position < bytes.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (field === 0) throw bad();
    if (wireType === 0) {
      fields.push([field, varint()]);
    } else if (wireType === 1) {
      need(8);
      fields.push([field, view.getFloat64(position, true)]);
      position += 8;
    } else if (wireType === 2) {
      const length = varint();
      need(length);
      fields.push([field, bytes.subarray(position, position + length)]);
      position += length;
    } else if (wireType === 5) {
      need(4);
      fields.push([field, view.getFloat32(position, true)]);
      position += 4;
    } else {
      throw bad();
    }
  }
  return fields;
}
