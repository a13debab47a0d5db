import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, minify, type Plugin } from 'vite';
import { firstLoad } from './first-load.ts';
import { CONTRACT, slimContract } from './slim-contract.ts';

/** Where the document says where it lies; what comes first has to know that. */
const BASE = '<base href="/" />';

/**
 * What runs before anything else, in one script. Vite puts modules into the document, and those run after that; inline scripts
 * the page does not allow. It stands before the styles, for which scripts behind them wait.
 */
function firstScript(): Plugin {
  const paths = ['design/first-paint.js', 'live/ask-ahead.js'].map((path) => `${import.meta.dirname}/src/${path}`);
  return {
    name: 'first-script',
    apply: 'build',
    async buildStart() {
      const code = paths.map((path) => readFileSync(path, 'utf8')).join('');
      const { code: source } = await minify('first.js', code, { module: false });
      this.emitFile({ type: 'asset', name: 'first.js', source });
    },
    transformIndexHtml: {
      order: 'post',
      handler: (document, { bundle = {} }) => {
        const file = Object.keys(bundle).find((name) => /^assets\/first-[^/]*\.js$/.test(name));
        if (file === undefined || !document.includes(BASE)) throw new Error('the first script has no place');
        return document.replace(BASE, `${BASE}\n    <script src="./${file}"></script>`);
      },
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  // The server says in the page where it lies; everything else is found from there.
  base: './',
  plugins: [react(), slimContract(), firstScript(), firstLoad()],
  build: {
    outDir: process.env.OPTIO_PAGE_OUT ?? '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    // What of the contract nobody here uses is not even made.
    rollupOptions: {
      treeshake: { moduleSideEffects: (id) => !id.startsWith(CONTRACT) },
      // Only forms check what they send; a chunk of its own, or it would come with what all screens share.
      output: { codeSplitting: { groups: [{ name: 'zod', test: /node_modules\/zod\// }] } },
    },
    assetsInlineLimit: 0, // the page allows no data: but for images
    modulePreload: { polyfill: false }, // an inline script, which the page does not allow
  },
});
