/** Small results that outlive the page, such as what was found out about this browser: in IndexedDB. */

const [databaseName, storeName] = ['ffmpeg-dnn', 'values'];
/** A database that does not answer is done without: some engines leave one hanging. */
const limitMs = 3000;

/**
 * @returns what {@link keepValue} was given for the key last; undefined where nothing was, or where the
 *   browser keeps nothing, as in private windows.
 */
export function keptValue(key: string): Promise<unknown> {
  return ifAnswered(inStore('readonly', (store) => resultOf(store.get(key))));
}

/**
 * Keeps a value as long as the browser likes; does nothing where it keeps nothing.
 *
 * @param value survives structured cloning.
 */
export async function keepValue(key: string, value: unknown): Promise<void> {
  await ifAnswered(inStore('readwrite', (store) => resultOf(store.put(value, key))));
}

/** What is kept can be found out again, so that no failure matters. */
async function ifAnswered(result: Promise<unknown>): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  try {
    return await Promise.race([result, limit]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function inStore(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => Promise<unknown>,
): Promise<unknown> {
  const opening = indexedDB.open(databaseName);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(storeName);
  };
  const database = await resultOf(opening);
  try {
    return await ask(database.transaction(storeName, mode).objectStore(storeName));
  } finally {
    // It closes once its transactions are over.
    database.close();
  }
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('IndexedDB gives no reason.'));
    };
  });
}
