/**
 * Makes the API reference out of the docstrings of what the package exports: `npm run docs` writes it to
 * dist/docs, `--check` writes nothing. Fails where a public name has no docstring, names a type that is not
 * exported, or links to nothing.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, CommentTag, LogLevel, OptionDefaults, ReflectionKind } from 'typedoc';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the package exports, by module below src: the name by which it is imported. */
const entryPoints = new Map([
  ['index', 'ffmpeg-dnn-wasm'],
  ['element/define', 'ffmpeg-dnn-wasm/element'],
]);

/**
 * The tags by which the element tells editors of itself, with what the reference calls each of them.
 *
 * @type {Map<`@${string}`, `@${string}`>}
 */
const elementTags = new Map([
  ['@attr', '@attributes'],
  ['@fires', '@events'],
  ['@slot', '@slots'],
  ['@csspart', '@parts'],
  ['@cssprop', '@customProperties'],
]);

/**
 * Puts the many short tags of the element into one list for each kind.
 *
 * @param {import('typedoc').Reflection} reflection
 */
function gatherElementTags({ comment }) {
  if (comment === undefined) return;
  for (const [tag, heading] of elementTags) {
    const lines = comment.getTags(tag).map(({ content }) => content);
    if (lines.length === 0) continue;
    comment.removeTags(tag);
    // The slot without a name begins with its dash.
    const item = (/** @type {{ text: string }[]} */ [first]) =>
      first?.text.startsWith('- ') ? '\n' : '\n- ';
    const text = lines.flatMap((parts) => [{ kind: 'text', text: item(parts) }, ...parts]);
    comment.blockTags.push(new CommentTag(heading, /** @type {any} */ (text)));
  }
}

/**
 * A setter means what its getter says.
 *
 * @param {import('typedoc').Reflection} accessor
 */
function documentSetter(accessor) {
  const { getSignature, setSignature } = /** @type {import('typedoc').DeclarationReflection} */ (accessor);
  if (setSignature !== undefined && setSignature.comment === undefined && getSignature?.comment !== undefined)
    setSignature.comment = getSignature.comment.clone();
}

/**
 * @param {string} out folder
 * @param {boolean} writes
 * @returns {Promise<boolean>} whether there was nothing to complain of
 */
async function makeReference(out, writes) {
  const application = await Application.bootstrap({
    name: 'ffmpeg-dnn-wasm',
    entryPoints: [...entryPoints.keys()].map((path) => join(root, 'src', `${path}.ts`)),
    tsconfig: join(root, 'scripts/api-reference.tsconfig.json'),
    // Types are checked by themselves.
    skipErrorChecking: true,
    readme: 'none',
    disableGit: true,
    disableSources: true,
    excludePrivate: true,
    excludeProtected: true,
    excludeInternal: true,
    excludeExternals: true,
    validation: { notExported: true, notDocumented: true, invalidLink: true, invalidPath: true },
    blockTags: [...OptionDefaults.blockTags, ...elementTags.keys(), ...elementTags.values(), '@tagname'],
    excludeTags: ['@tagname'],
    logLevel: LogLevel.Warn,
  });
  const project = await application.convert();
  if (project === undefined) return false;
  for (const module of project.getReflectionsByKind(ReflectionKind.Module))
    module.name = entryPoints.get(module.name) ?? module.name;
  for (const accessor of project.getReflectionsByKind(ReflectionKind.Accessor)) documentSetter(accessor);
  application.validate(project);
  for (const reflection of project.getReflectionsByKind(ReflectionKind.Class)) gatherElementTags(reflection);
  if (application.logger.hasErrors() || application.logger.hasWarnings()) return false;
  if (writes) await application.generateDocs(project, out);
  return !application.logger.hasErrors() && !application.logger.hasWarnings();
}

const isCheck = process.argv.includes('--check');
const out = join(root, 'dist/docs');
if (!(await makeReference(out, !isCheck))) {
  process.stderr.write(
    'The API reference: see above. Every public name has a docstring, and names public types only.\n',
  );
  process.exitCode = 1;
} else if (!isCheck) {
  process.stdout.write(`${join(out, 'index.html')}\n`);
}
