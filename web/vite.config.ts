import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // The server says in the page where it lies; everything else is found from there.
  base: './',
  plugins: [react()],
  build: {
    outDir: process.env.OPTIO_PAGE_OUT ?? '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // the page allows no data: but for images
    modulePreload: { polyfill: false }, // an inline script, which the page does not allow
  },
});
