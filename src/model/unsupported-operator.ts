/** What a node of a model has that cannot be written in a Graph; readers collect it over all nodes. */
export class UnsupportedOperator extends Error {}
