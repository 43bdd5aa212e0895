/** `ffmpeg-dnn convert IN OUT.model`: a model as FFmpeg's native backend reads it. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { convertModel } from '../page/convert-model.ts';
import { parseCommand } from '../pipeline/command/command.ts';
import { readModelPart } from './files/model-part.ts';
import { overwriteRefusal } from './overwrite.ts';

const usage = `usage: ffmpeg-dnn convert [-y | -n] IN OUT.model

Writes a model for FFmpeg's native backend (version 1.23 of the format, which FFmpeg 4.3 to 6.0 read).
  IN   frozen TensorFlow graph (.pb), tfjs model (model.json) or .model
  -y   overwrite OUT without asking; -n never
`;

/**
 * @param args the words behind `convert`.
 * @returns the exit code.
 * @throws DnnError where the model cannot be read or written.
 */
export async function convert(args: readonly string[], cwd: string): Promise<number> {
  const flags: readonly string[] = args.filter((word) => word === '-y' || word === '-n');
  const [input, output, ...rest] = args.filter((word) => !flags.includes(word));
  if (input === undefined || output === undefined || rest.length > 0 || input.startsWith('-')) {
    const asked = input !== undefined && ['-h', '-help', '--help', '-?'].includes(input);
    (asked ? process.stdout : process.stderr).write(usage);
    return asked ? 0 : 1;
  }
  const [from, to] = [resolve(cwd, input), resolve(cwd, output)];
  if (existsSync(to)) {
    const refusal = await overwriteRefusal(parseCommand([...flags, '-i', input, output]), cwd);
    if (refusal !== null) {
      process.stderr.write(`${refusal}\n`);
      return 1;
    }
  }
  const read = (path: string): Promise<Uint8Array> => readModelPart(path, from);
  const bytes = await convertModel(await read(from), read, from);
  await writeFile(to, bytes);
  process.stderr.write(`${output}: ${bytes.length} bytes\n`);
  return 0;
}
