/** Files of a drop, and those of dropped folders with their paths. */

export interface ChosenFile {
  /** As `model.json`, or `folder/model.json` of a dropped folder. */
  readonly path: string;
  readonly file: File;
}

/** Endings of models, their weights and their labels; everything else is video. */
const modelEndings =
  /\.(pb|model|json|bin|txt|labels|names|xml|onnx|onnx_data|data|weights|pth?|tflite|index|data-\d+-of-\d+)$/i;

export function isModelFile(path: string): boolean {
  return modelEndings.test(path);
}

/** Files that were chosen, where a folder was with their paths in it. */
export function chosenFiles(files: Iterable<File>): ChosenFile[] {
  return Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/**
 * Must be called while the event is told: the list is empty afterwards.
 *
 * @throws DOMException where a file cannot be read.
 */
export async function droppedFiles({ items, files }: DataTransfer): Promise<ChosenFile[]> {
  const entries = Array.from(items, (item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null)).filter(
    (entry) => entry !== null,
  );
  // Files that a program put into the drop have no entries.
  if (entries.length === 0) return chosenFiles(files);
  return (await Promise.all(entries.map(filesBelow))).flat();
}

async function filesBelow(entry: FileSystemEntry): Promise<ChosenFile[]> {
  if (entry instanceof FileSystemFileEntry) {
    const file = await new Promise<File>((resolve, reject) => {
      entry.file(resolve, reject);
    });
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
  }
  if (!(entry instanceof FileSystemDirectoryEntry)) return [];
  const reader = entry.createReader();
  const found: ChosenFile[] = [];
  // A folder is told in parts, the last of which is empty.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (part.length === 0) return found;
    found.push(...(await Promise.all(part.map(filesBelow))).flat());
  }
}
