import { cpSync } from 'node:fs';

/** Nothing about the package: its files are found by themselves. */
export default {
  performance: { hints: false },
  plugins: [
    (compiler) =>
      compiler.hooks.done.tap('copy', () => {
        for (const file of ['index.html', 'double.pb']) cpSync(file, `dist/${file}`);
      }),
  ],
};
