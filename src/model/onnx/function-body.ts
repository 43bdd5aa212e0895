/** The nodes of a local function, with the attributes of a call. */
import type { AttributeProto, FunctionProto, NodeProto } from './proto/onnx-messages.ts';

/** Attributes that stand for one of the function's get its value, or go where the call gives none. */
function withArguments(node: NodeProto, argumentOf: (name: string) => AttributeProto | undefined): NodeProto {
  const entries = [...node.attributes].flatMap(([name, attribute]): [string, AttributeProto][] => {
    if (attribute.g !== undefined) {
      const nodes = attribute.g.nodes.map((inner) => withArguments(inner, argumentOf));
      return [[name, { ...attribute, g: { ...attribute.g, nodes } }]];
    }
    if (attribute.reference === '') return [[name, attribute]];
    const given = argumentOf(attribute.reference);
    return given === undefined ? [] : [[name, { ...given, name }]];
  });
  return { ...node, attributes: new Map(entries) };
}

/** The nodes that a call of a function stands for. */
export function functionBody(body: FunctionProto, call: NodeProto): readonly NodeProto[] {
  const argumentOf = (name: string): AttributeProto | undefined =>
    call.attributes.get(name) ?? body.defaults.get(name);
  return body.nodes.map((node) => withArguments(node, argumentOf));
}
