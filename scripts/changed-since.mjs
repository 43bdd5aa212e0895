/** Whether files differ from the state of the repository that this one came from. */
import { spawnSync } from 'node:child_process';

/**
 * @param {readonly string[]} args
 * @param {string} root
 * @returns what git prints, or undefined where it fails
 */
function git(args, root) {
  const done = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return done.status === 0 ? done.stdout.trim() : undefined;
}

/**
 * The commit that work is compared with: FFMPEG_DNN_TEST_BASE, or where this branch left its upstream; on the
 * upstream itself the commit before the newest.
 *
 * @param {string} root
 */
function baseCommit(root) {
  const given = process.env['FFMPEG_DNN_TEST_BASE'];
  if (given) return git(['rev-parse', '--verify', `${given}^{commit}`], root);
  const head = git(['rev-parse', 'HEAD'], root);
  const left = git(['merge-base', 'HEAD', '@{upstream}'], root);
  return left !== undefined && left !== head ? left : git(['rev-parse', '--verify', 'HEAD~1'], root);
}

/**
 * @param {readonly string[]} paths files and folders, from the repository's root
 * @param {string} root
 * @returns true where one of them has changed since, in a commit or not yet in
 * one, and where that cannot be told
 */
export function haveChanged(paths, root) {
  const base = baseCommit(root);
  if (base === undefined) return true;
  const committed = git(['diff', '--name-only', base, '--', ...paths], root);
  const untracked = git(['ls-files', '--others', '--exclude-standard', '--', ...paths], root);
  return committed !== '' || untracked !== '';
}
