/** Paths of user files: absolute, as the file system of a core has them. */

/**
 * Resolves `path` against `cwd` as the core would: `.` and `..` go, the result starts
 * with `/` and has no end slash.
 */
export function resolvePath(path: string, cwd = '/'): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
