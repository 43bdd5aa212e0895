/**
 * The module given to `FFmpeg.load` as `coreURL`: stock `@ffmpeg/core` with a larger stack, plus one file
 * system type, by which the core reads user files, frame pipes and a stop request, and writes its outputs,
 * without a copy in its own memory.
 *
 * The real core's URL comes in the URL that `FFmpeg.load` was given, after the `#`.
 */
import type {} from './compiled-core.ts';
import type { Core, CoreFs, FsMount, FsNode, StreamOps } from './core-fs.ts';
import { pipeFolder, pipeFsType } from './core-options.ts';
import { CoreSession } from './core-session.ts';
import { enlargeStack } from './core-stack.ts';
import { CoreStep } from './core-step.ts';

interface CoreSettings {
  /** What the stock worker gives: `coreURL` as it was told, then `#` and further addresses. */
  readonly mainScriptUrlOrBlob: string;
  /** Emscripten's: makes the instance in its place, and gives it to `receive`. */
  readonly instantiateWasm?: (
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ) => object;
}

type CoreFactory = (settings: CoreSettings) => Promise<Core>;

/** What `@ffmpeg/core`'s default export is called with; resolves to the extended core. */
export default async function createExtendedCore(settings: CoreSettings): Promise<Core> {
  // Not from this module's own URL: a page's service worker that answers from its
  // cache drops what is behind the #.
  const [, encoded, addresses] = settings.mainScriptUrlOrBlob.split('#');
  if (encoded === undefined || addresses === undefined)
    throw new Error('core-module needs the URL of @ffmpeg/core after a # in the coreURL of FFmpeg.load');
  const url = decodeURIComponent(encoded);
  const module = (await import(/* @vite-ignore */ url)) as { default: CoreFactory };
  const { compiledFFmpegCore: compiled } = globalThis;
  const core = await (compiled === undefined
    ? module.default(settings)
    : instantiate(module.default, settings, compiled));
  enlargeStack(core, module.default);
  extendCore(core);
  return core;
}

/** A core of WebAssembly that is compiled already. */
function instantiate(
  factory: CoreFactory,
  settings: CoreSettings,
  compiled: WebAssembly.Module,
): Promise<Core> {
  return new Promise((resolve, reject) => {
    const core = factory({
      ...settings,
      instantiateWasm: (imports, receive) => {
        WebAssembly.instantiate(compiled, imports).then((instance) => {
          receive(instance, compiled);
        }, reject);
        // Emscripten's sign that the instance comes later; of one that never comes it is not told.
        return {};
      },
    });
    core.then(resolve, reject);
  });
}

/** Adds the file system type to a core, and lets ffprobe tell its exit code. */
export function extendCore(core: Core): void {
  const { FS } = core;
  keepProbeResult(core);
  FS.mkdir(pipeFolder);
  const clean = treeOf(FS);
  const standard: (StreamOps | undefined)[] = [0, 1].map((fd) => FS.streams[fd]?.stream_ops);
  let session: CoreSession | undefined;
  hookFolders(core, () => session);
  hookTurns(core, () => session?.step(CoreStep.turn));
  hookLog(core, () => session);
  FS.filesystems[pipeFsType] = {
    mount(mount: FsMount): FsNode {
      session = undefined;
      restore(FS, clean, standard);
      const next = new CoreSession(core, mount);
      next.build();
      session = next;
      return next.root;
    },
  };
}

/** Unlike ffmpeg, ffprobe returns from its main, and the stock core drops what it returns. */
function keepProbeResult(core: Core): void {
  let main = core._ffprobe;
  const keeping: typeof main = (...args) => (core.ret = main(...args));
  Object.defineProperty(core, '_ffprobe', {
    get: () => keeping,
    set: (own: typeof main) => {
      main = own;
    },
  });
}

/**
 * ffmpeg asks for its time limit whenever it turns to the next packet, or waits for its time: the one thing
 * that tells of a core without a word in its log, and without frames, that it goes on.
 */
function hookTurns(core: Core, turned: () => void): void {
  let limit = core.timeout;
  Object.defineProperty(core, 'timeout', {
    get: () => {
      turned();
      return limit;
    },
    set: (value: number) => {
      limit = value;
    },
  });
}

/** Lets the session look at each line first. */
function hookLog(core: Core, session: () => CoreSession | undefined): void {
  let { logger } = core;
  const filtering: typeof logger = (line) => {
    const current = session();
    const message = current === undefined ? line.message : current.logged(line);
    if (message !== undefined) logger({ ...line, message });
  };
  Object.defineProperty(core, 'logger', {
    get: () => filtering,
    set: (own: typeof logger) => {
      logger = own;
    },
  });
}

/** Tells the session about files that appear, move and vanish in the core's tree. */
function hookFolders(core: Core, session: () => CoreSession | undefined): void {
  const { FS } = core;
  const folder = FS.filesystems.MEMFS.ops_table.dir.node;
  const stock = { ...folder };
  folder.mknod = (parent, name, mode, dev) => {
    const node = stock.mknod!(parent, name, mode, dev);
    if (FS.isFile(node.mode)) session()?.created(node);
    return node;
  };
  folder.unlink = (parent, name) => {
    const node = FS.lookupNode(parent, name);
    stock.unlink!(parent, name);
    session()?.outputs.removed(node);
  };
  folder.rename = (node, newParent, newName) => {
    const replaced = (newParent.contents as Record<string, FsNode>)[newName];
    stock.rename!(node, newParent, newName);
    // Told first, so that a target replaces the old file at once: at no time there is none.
    session()?.outputs.renamed(node);
    if (replaced !== undefined) {
      // Emscripten leaves the replaced node in its name table, from where it would come back after an unlink.
      FS.destroyNode(replaced);
      session()?.outputs.removed(replaced);
    }
  };
}

/** Paths of everything that a fresh core has, so that what a run leaves behind can be told from it. */
function treeOf(FS: CoreFs): Set<string> {
  const paths = new Set<string>();
  walk(FS, FS.lookupPath('/').node, '', (path) => paths.add(path));
  return paths;
}

/** Calls `visit` for every node below `folder` on the same mount, children first. */
function walk(FS: CoreFs, folder: FsNode, path: string, visit: (path: string, node: FsNode) => void): void {
  for (const node of Object.values(folder.contents as Record<string, FsNode>)) {
    const below = `${path}/${node.name}`;
    if (FS.isDir(node.mode) && node.mounted === null) walk(FS, node, below, visit);
    visit(below, node);
  }
}

/** Removes what a run left: open files, files, folders, hooked streams. */
function restore(FS: CoreFs, clean: ReadonlySet<string>, standard: readonly (StreamOps | undefined)[]): void {
  FS.chdir('/');
  for (let fd = 3; fd < FS.streams.length; fd++) FS.streams[fd] = null;
  standard.forEach((ops, fd) => {
    const stream = FS.streams[fd];
    if (stream && ops) stream.stream_ops = ops;
  });
  walk(FS, FS.lookupPath('/').node, '', (path, node) => {
    if (clean.has(path)) return;
    if (FS.isDir(node.mode)) FS.rmdir(path);
    else FS.unlink(path);
  });
}
