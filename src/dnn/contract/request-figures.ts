/** What a worker tells of a request beside its results. */
export interface RequestFigures {
  /** Buffers of the input frames, given back for reuse. */
  readonly spent: readonly ArrayBuffer[];
  /**
   * Milliseconds in the backend, and in everything around it: conversion, chroma,
   * boxes; both for the whole request.
   */
  readonly msExecute: number;
  readonly msIo: number;
  /** Bytes held between requests: the model's, and the tensors' around it. */
  readonly memoryBytes: number;
  /** Tensors of the backend beside the weights, between two requests; 0 unless it leaks. */
  readonly strayTensors: number;
}
