import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { firstLoad } from './first-load.ts';

/**
 * A script that runs before anything is drawn. Vite puts modules into the document, and those run after that; inline scripts
 * the page does not allow.
 */
function firstPaint(): Plugin {
  const path = `${import.meta.dirname}/src/design/first-paint.js`;
  return {
    name: 'first-paint',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'asset', name: 'first-paint.js', source: readFileSync(path, 'utf8') });
    },
    transformIndexHtml: {
      order: 'post',
      handler: (_document, { bundle = {} }) => {
        const file = Object.keys(bundle).find((name) => name.includes('first-paint'));
        return file === undefined ? [] : [{ tag: 'script', attrs: { src: `./${file}` }, injectTo: 'head' }];
      },
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  // The server says in the page where it lies; everything else is found from there.
  base: './',
  plugins: [react(), firstPaint(), firstLoad()],
  build: {
    outDir: process.env.OPTIO_PAGE_OUT ?? '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // the page allows no data: but for images
    modulePreload: { polyfill: false }, // an inline script, which the page does not allow
  },
});
