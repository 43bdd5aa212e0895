/** How layers of a Keras model name the tensors that they take. */
import type { JsonValue } from './json-value.ts';

/** A tensor that a layer gives. */
export interface KerasReference {
  readonly layer: string;
  /** Which call of the layer gives it, from 0. */
  readonly call: number;
  /** Which of the call's tensors it is, from 0. */
  readonly tensor: number;
}

/** Name of a layer's n-th call; a layer that is used once has its own name. */
export function callName(layer: string, call: number): string {
  return call === 0 ? layer : `${layer}_${call}`;
}

/** `[name, call, tensor, …]` of inbound_nodes, keras_history, input_layers and output_layers. */
function reference(json: JsonValue): KerasReference {
  const [layer, call, tensor] = json.items();
  if (layer === undefined || call === undefined) throw json.error('should be a name and two numbers');
  return { layer: layer.name(), call: call.number(), tensor: tensor === undefined ? 0 : tensor.number() };
}

/** One reference, or a list of them. */
export function references(json: JsonValue): KerasReference[] {
  const items = json.items();
  if (items.length === 0) return [];
  return Array.isArray(items[0]!.value) ? items.map(reference) : [reference(json)];
}

/** The tensors among the arguments of a call in Keras 3, at any depth. */
function tensorsIn(json: JsonValue): KerasReference[] {
  if (Array.isArray(json.value)) return json.items().flatMap(tensorsIn);
  if (typeof json.value !== 'object' || json.value === null) return [];
  if (json.at('class_name').value === '__keras_tensor__')
    return [reference(json.at('config').at('keras_history'))];
  return json.keys().flatMap((key) => tensorsIn(json.at(key)));
}

/**
 * What each call of a layer takes: `[[name, call, tensor, {}], …]` until Keras 2, `{ args, kwargs }` in Keras
 * 3 (keras/src/models/functional.py · deserialize_node).
 */
export function inboundTensors(json: JsonValue): KerasReference[][] {
  return json.items().map((call) => (Array.isArray(call.value) ? references(call) : tensorsIn(call)));
}
