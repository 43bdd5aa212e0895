import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The folders of src/ from bottom to top. A folder imports itself and what stands on a lower row; folders of one
 * row do not import each other. src/import-rules.test.ts holds the same rule for every import form.
 */
const layers = [
  ['base'],
  ['frame', 'filtergraph', 'graph'],
  ['model'],
  ['dnn'],
  ['filters', 'backends', 'media'],
  ['workers'],
  ['pipeline'],
  ['demo', 'cli'],
];

/** Third-party packages and the one folder that may touch each of them. */
const packageHomes = {
  '@tensorflow/*': 'src/backends/tensorflow',
  '@ffmpeg/*': 'src/media',
  comlink: 'src/workers',
};

const zones = layers.flatMap((row, index) =>
  row.map((folder) => {
    const allowed = new Set([folder, ...layers.slice(0, index).flat()]);
    const forbidden = layers.flat().filter((other) => !allowed.has(other));
    return {
      files: [`src/${folder}/**/*.ts`],
      // Worker entries put the parts together; asset-urls.ts names files of packages without importing their code.
      ignores: ['src/workers/*.worker.ts', 'src/workers/asset-urls.ts'],
      rules: {
        'no-restricted-imports': /** @type {['error', object]} */ ([
          'error',
          {
            patterns: [
              ...forbidden.map((other) => ({
                regex: `^(\\.\\./)+${other}(/|$)`,
                message: `src/${folder} must not import src/${other}: imports point down.`,
              })),
              ...Object.entries(packageHomes)
                .filter(([, home]) => !home.startsWith(`src/${folder}`))
                .map(([name, home]) => ({ group: [name], message: `Only ${home} may import ${name}.` })),
            ],
          },
        ]),
      },
    };
  }),
);

export default tseslint.config(
  { ignores: ['dist', 'build', 'node_modules', 'public', 'test-results'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      'max-lines': ['error', { max: 400 }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  ...zones,
  { files: ['scripts/**', 'src/cli/**', 'bench/**', 'e2e/**'], rules: { 'no-console': 'off' } },
  {
    files: ['scripts/**/*.mjs', '*.config.*', 'eslint.config.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly' },
    },
  },
);
