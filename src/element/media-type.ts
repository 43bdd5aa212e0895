/** What a file is shown as, by its type or its name. */

const types: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mkv: 'video/x-matroska',
  avi: 'video/x-msvideo',
  ts: 'video/mp2t',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  bmp: 'image/bmp',
};

/** The MIME type that a file name stands for; `application/octet-stream` for one that is not known. */
export function mediaType(name: string): string {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return types[extension] ?? 'application/octet-stream';
}

/** Whether a picture, and no video, is in the file. */
export function isPicture(blob: Blob, name = ''): boolean {
  return (blob.type === '' ? mediaType(name) : blob.type).startsWith('image/');
}
