/**
 * The built command line, for `node`: through npm it would be built again whenever
 * something is edited meanwhile.
 */
import { fileURLToPath } from 'node:url';

export const builtCli = fileURLToPath(new URL('../dist/cli/ffmpeg-dnn.js', import.meta.url));
