/** What every format of model files is to the rest of the program: a constant record. */
import type { Graph, Shape } from '../graph/graph.ts';
import type { ModelLayout } from '../graph/feed-channels-last.ts';
import type { FileStart } from './file-start.ts';

/** Gives the bytes of a file; rejects where it does not exist. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** What the filter's options say about how a model is read. */
export interface ReadModelOptions {
  /** `input_resizable`: the model takes frames of any size, whatever size it was converted with. */
  readonly inputResizable?: boolean;
}

/** What a file says. */
export interface ModelFile {
  readonly graph: Graph;
  /** Names of the classes that a detecting or classifying model tells apart, where the file has them. */
  readonly labels?: readonly string[];
}

/** What is usual of models of a format, where the filter's options do not say it. */
export interface ModelConventions {
  /** The order of the input's dimensions. @param shape what the model says of its input. */
  layout(shape: Shape): ModelLayout;
  /**
   * The order of the colours in the pixels that a detecting or classifying model takes, as FFmpeg gives them.
   */
  readonly pixelOrder: 'rgb' | 'bgr';
  /** True where YOLO models of this format give boxes as shares of the picture, not in pixels. */
  readonly boxesInShares?: true;
  /** The name of the backend that runs them where the filter leaves it to the model. */
  readonly defaultBackend: string;
}

/** Which files make up a model, by their names without folder. All of them stand in one folder. */
export interface FilesBeside {
  /**
   * Those that belong to a model of this name, of the files in its folder; none
   * where the name is another format's.
   */
  partsOf(name: string, folder: readonly string[]): readonly string[];
  /** The model whose weights a file of this name may hold. */
  modelOf(name: string): string | undefined;
}

/** A format that is read. */
export interface ModelFormat {
  readonly name: string;
  /** What a file of it is called in messages, with its article. */
  readonly what: string;
  /** The ending of its name, and what else it comes with. */
  readonly files: string;
  /** Tells by its content, not by its name. No file is recognised by two formats. */
  recognises(start: FileStart): boolean;
  /**
   * @param path of the file, for messages and as the place of the files beside it.
   * @throws DnnError `EINVAL` for a damaged file, `ENOENT` for a missing one,
   * `ENOSYS` for what is not supported.
   */
  read(bytes: Uint8Array, path: string, readFile: ReadFile, options: ReadModelOptions): Promise<ModelFile>;
  readonly conventions: ModelConventions;
  /** Left out where a model is one file. */
  readonly filesBeside?: FilesBeside;
}
