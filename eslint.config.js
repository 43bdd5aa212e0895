import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { layers, packageHomes } from './scripts/import-layers.mjs';

/** @param {string} room @param {string} other */
function importOf(room, other) {
  const [parent, name] = other.split('/');
  // Rooms of one folder are neighbours: `../planning/…`.
  const path = name !== undefined && room.startsWith(`${parent}/`) ? `(${parent}/)?${name}` : other;
  return `^(\\.\\./)+${path}(/|$)`;
}

const zones = layers.flatMap((row, index) =>
  row.map((folder) => {
    const allowed = new Set([folder, ...layers.slice(0, index).flat()]);
    const forbidden = layers.flat().filter((other) => !allowed.has(other));
    return {
      files: [`src/${folder}/**/*.ts`],
      // It names files by their URL, without importing their code.
      ignores: ['src/workers/default-asset-urls.ts'],
      rules: {
        'no-restricted-imports': /** @type {['error', object]} */ ([
          'error',
          {
            patterns: [
              ...forbidden.map((other) => ({
                regex: importOf(folder, other),
                message: `src/${folder} must not import src/${other}: imports point down.`,
              })),
              ...packageHomes
                .filter(({ home }) => home !== folder.split('/')[0])
                .map(({ prefix, home }) => ({
                  regex: `^${prefix}`,
                  message: `Only src/${home} may import ${prefix}.`,
                })),
            ],
          },
        ]),
      },
    };
  }),
);

export default tseslint.config(
  // The consumers are projects of their own, with packages that are not here.
  { ignores: ['dist', 'build', 'wasm', 'node_modules', 'public', 'test-results', 'e2e/consumers'] },
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
    files: ['bench/**/*.mjs', 'scripts/**/*.mjs'],
    languageOptions: { globals: { performance: 'readonly' } },
  },
  {
    files: ['scripts/**/*.mjs', '*.config.*', 'eslint.config.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly' },
    },
  },
);
