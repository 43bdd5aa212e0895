/** Checked access to parsed JSON: every reading names the place where something else was found. */
import { DnnError } from '../../base/errors.ts';

/** A place in a JSON file and what stands there. */
export class JsonValue {
  readonly value: unknown;
  /** As `modelTopology.node[3].attr`. */
  readonly path: string;
  readonly file: string;

  constructor(value: unknown, file: string, path = '') {
    this.value = value;
    this.file = file;
    this.path = path;
  }

  get missing(): boolean {
    return this.value === undefined || this.value === null;
  }

  error(what: string): DnnError {
    const place = this.path === '' ? 'the file' : this.path.replace(/\p{Cc}/gu, '?');
    return new DnnError(
      'EINVAL',
      `model '${this.file}': ${place} ${what}; the file is damaged, or it is not a tfjs graph model`,
      { option: 'model', file: this.file, place },
    );
  }

  /** A property; missing where this is an object without it. */
  at(key: string): JsonValue {
    const object = this.object();
    return new JsonValue(
      Object.hasOwn(object, key) ? object[key] : undefined,
      this.file,
      this.path === '' ? key : `${this.path}.${key}`,
    );
  }

  /** The first property that is there; protobuf's JSON form knows camelCase and snake_case. */
  either(...keys: [string, ...string[]]): JsonValue {
    return keys.map((key) => this.at(key)).find((value) => !value.missing) ?? this.at(keys[0]);
  }

  object(): Readonly<Record<string, unknown>> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) {
      throw this.error('should be an object');
    }
    return this.value as Readonly<Record<string, unknown>>;
  }

  keys(): string[] {
    return Object.keys(this.object());
  }

  /** The entries of an array; none where it is missing. */
  items(): JsonValue[] {
    if (this.missing) return [];
    if (!Array.isArray(this.value)) throw this.error('should be an array');
    return this.value.map((item: unknown, index) => new JsonValue(item, this.file, `${this.path}[${index}]`));
  }

  string(): string {
    if (typeof this.value !== 'string') throw this.error('should be a string');
    return this.value;
  }

  /** A string that is a name: it has no control characters, which would break the lines of messages. */
  name(): string {
    const name = this.string();
    if (/\p{Cc}/u.test(name)) throw this.error('should not have control characters');
    return name;
  }

  /** A number, also in the string forms of protobuf's JSON (int64, "NaN", "Infinity"). */
  number(): number {
    const text = this.value;
    const number = typeof text === 'string' && text.trim() !== '' ? Number(text) : text;
    if (typeof number !== 'number' || (Number.isNaN(number) && text !== 'NaN'))
      throw this.error('should be a number');
    return number;
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') throw this.error('should be true or false');
    return this.value;
  }

  /** The bytes of a base64 string; an array of byte values is taken too, as tfjs takes it. */
  bytes(): Uint8Array {
    if (Array.isArray(this.value)) return Uint8Array.from(this.items(), (item) => item.number());
    try {
      return Uint8Array.from(atob(this.string()), (character) => character.charCodeAt(0));
    } catch (error) {
      if (error instanceof DnnError) throw error;
      throw this.error('should be base64');
    }
  }
}
