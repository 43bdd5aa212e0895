/** One run's view of the core's file system: built by `mount`, removed before the next run. */
import { CoreControl } from './core-control.ts';
import { coreEventLog, type CoreOutputEvent } from './core-event.ts';
import {
  type Core,
  type CoreLine,
  type Errno,
  type FsMount,
  type FsNode,
  heapBytes,
  Mode,
} from './core-fs.ts';
import { PacketLog } from './mp4/packet-log.ts';
import { addInput } from './core-inputs.ts';
import { type CoreMountOptions, type CoreReport, pipeFolder, reportPath, stdinPath } from './core-options.ts';
import { CoreOutputFiles } from './core-outputs.ts';
import { addPipe } from './core-pipes.ts';
import { openSink } from './output/core-sink.ts';
import { type CoreStep, stepTeller } from './core-step.ts';
import { EventSink } from './output/event-sink.ts';
import { stdinOps } from './input/core-stdin.ts';

/** What is being built or run. */
export class CoreSession {
  readonly outputs: CoreOutputFiles;
  readonly root: FsNode;
  readonly #core: Core;
  readonly #options: CoreMountOptions;
  readonly #control: CoreControl | undefined;
  /** To be told what the core does. */
  readonly step: (step: CoreStep) => void;
  readonly #log: PacketLog | undefined;
  readonly #faults: string[] = [];
  /** False while the tree is built: what appears then is no output. */
  #running = false;

  constructor(core: Core, mount: FsMount) {
    this.#core = core;
    // The type of `opts` is what FfmpegCore.mount sends.
    this.#options = mount.opts as CoreMountOptions;
    this.#control = this.#options.control && new CoreControl(this.#options.control);
    this.step = stepTeller(core, this.#control);
    const fail = (errno: Errno): never => {
      throw new core.FS.ErrnoError(errno);
    };
    const send = (event: CoreOutputEvent): void => {
      core.logger(coreEventLog(event));
    };
    const { outputs, followed } = this.#options;
    const sink = outputs.mode === 'events' ? new EventSink(send) : openSink(outputs, this.#control, fail);
    this.outputs = new CoreOutputFiles(core, sink, this.#control, this.step);
    this.#log =
      followed &&
      new PacketLog(followed, (packet) => {
        sink.packet(packet);
      });
    this.root = core.FS.filesystems.MEMFS.createNode(null, '/', Mode.directory | 0o777, 0);
    // Children take their mount from the root; Emscripten sets it only after `mount` returns.
    this.root.mount = mount;
  }

  /** Fills the tree. `stdin` and `stdout` are the core's first two streams. */
  build(): void {
    const { FS } = this.#core;
    for (const pipe of this.#options.pipes) addPipe(this.#core, this.#control, this.root, pipe);
    this.#addReport();
    for (const folder of this.#options.directories ?? []) FS.mkdirTree(folder);
    for (const { path, blob } of this.#options.inputs) if (path !== stdinPath) this.#addInput(path, blob);
    FS.mkdirTree(this.#options.cwd);
    FS.chdir(this.#options.cwd);
    this.#hookStdin();
    if (this.#options.stdout === 'output') this.#hookStdout();
    this.#control?.setHeapBytes(this.#core.HEAPU8.length);
    this.#running = true;
  }

  /** Called for every regular file that appears in the tree. */
  created(node: FsNode): void {
    if (this.#running) this.outputs.adopt(node);
  }

  /** The line as the user is to see it; undefined where it is not to be seen. */
  logged({ type, message }: CoreLine): string | undefined {
    return type === 'stderr' && this.#log !== undefined ? this.#log.line(message) : message;
  }

  #addInput(path: string, blob: Blob): void {
    const { FS } = this.#core;
    const cut = path.lastIndexOf('/');
    const folder = path.slice(0, cut) || '/';
    FS.mkdirTree(folder);
    const context = {
      core: this.#core,
      step: this.step,
      onFault: (message: string) => this.#faults.push(message),
      replaceByOutput: (node: FsNode) => {
        this.outputs.adopt(node);
      },
    };
    addInput(context, FS.lookupPath(folder, { follow: true }).node, path.slice(cut + 1), blob);
  }

  #addReport(): void {
    const { MEMFS } = this.#core.FS.filesystems;
    const text = (): Uint8Array => {
      const report: CoreReport = { files: this.outputs.list(), faults: this.#faults };
      return new TextEncoder().encode(JSON.stringify(report));
    };
    const name = reportPath.slice(pipeFolder.length + 1);
    const node = MEMFS.createNode(this.root, name, Mode.regular | 0o444, 0);
    node.node_ops = { getattr: (target) => ({ ...MEMFS.node_ops.getattr(target), size: text().length }) };
    node.stream_ops = {
      read: (_stream, buffer, offset, length, position) => {
        const bytes = text().subarray(position, position + length);
        heapBytes(buffer, offset, bytes.length).set(bytes);
        return bytes.length;
      },
    };
  }

  #hookStdin(): void {
    const stdin = this.#core.FS.streams[0];
    const data = this.#options.inputs.find(({ path }) => path === stdinPath)?.blob;
    const { WORKERFS } = this.#core.FS.filesystems;
    if (stdin)
      stdin.stream_ops = stdinOps(this.#control, data, () => (WORKERFS.reader ??= new FileReaderSync()));
  }

  #hookStdout(): void {
    const { FS } = this.#core;
    const stdout = FS.streams[1];
    if (!stdout) return;
    stdout.stream_ops = {
      write: (_stream, buffer, offset, length) => {
        this.outputs.writeStdout(heapBytes(buffer, offset, length));
        return length;
      },
    };
  }
}
