import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, minify, type Plugin, type Rollup } from 'vite';
import { FONT, firstLoad } from './first-load.ts';
import { CONTRACT, slimContract } from './slim-contract.ts';

/** Where the document says where it lies; what comes first has to know that. */
const BASE = '<base href="/" />';
/** Commands and code, which a run has on its screen, would be laid out anew once their font is there. */
const CODE_FONT = /jetbrains-mono-latin-wght-normal.*\.woff2$/;

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
        const [font, codeFont] = [FONT, CODE_FONT].map((font) => Object.keys(bundle).find((name) => font.test(name)));
        if (font === undefined || codeFont === undefined) throw new Error('the fonts of the page are not there');
        const early = `<link rel="preload" as="font" type="font/woff2" crossorigin href="./${font}" />`;
        const needed = { runs: filesOf(bundle, 'runs'), run: [...filesOf(bundle, 'run'), codeFont] };
        const screens = Object.entries(needed).map(([name, files]) => `data-${name}="${files.join(' ')}"`);
        return document.replace(
          BASE,
          `${BASE}\n    <script src="./${file}" ${screens.join(' ')}></script>\n    ${early}`,
        );
      },
    },
  };
}

/** What opens over a screen, with the library for that. */
const MENUS =
  /node_modules\/(@base-ui|@floating-ui|tabbable|reselect|use-sync-external-store)|design\/(suggest|ask-first|dialog|more-menu-open|popup|return-focus)/;

/** What screens have in common, the list of runs among them; but nothing of what opens only once one asks for it. */
const PARTS =
  /web\/src\/((design|live|frame)\/|runs\/([^.]*\.ts$|elapsed|turn-button)|run\/(transcript\/addresses|header\/task-name))|lucide|virtua|contract\/time-away/;
/** What the screen of a run has in common with others, but not with the list of runs. */
const RUN_PARTS = /web\/src\/(requests|run\/(transcript\/(opening|verbosity)|header\/controls))/;

/** What the screen that a name stands for needs besides what the document loads: ask-ahead.js asks for it at once. */
function filesOf(bundle: Rollup.OutputBundle, name: string): readonly string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  const names = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const withImports = (chunk: Rollup.OutputChunk, found = new Set<string>()): ReadonlySet<string> => {
    if (found.has(chunk.fileName)) return found;
    found.add(chunk.fileName);
    for (const other of chunk.imports) {
      const imported = names.get(other);
      if (imported) withImports(imported, found);
    }
    return found;
  };
  const entry = chunks.find(({ isEntry }) => isEntry);
  const screen = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/${name}/${name}-page.tsx`));
  if (!entry || !screen) throw new Error(`the screen ${name} has no chunk`);
  return [...withImports(screen).difference(withImports(entry))];
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
      // Few files, since each takes a browser about two milliseconds; but for what a screen might not need.
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            // Only forms check what they send.
            { name: 'zod', test: /node_modules\/zod\//, priority: 3 },
            { name: 'first', tags: ['$initial'], priority: 2 },
            { name: 'menus', test: MENUS, priority: 1 },
            { name: 'run-parts', test: RUN_PARTS, minShareCount: 2, priority: 1 },
            { name: 'parts', test: PARTS, minShareCount: 2 },
          ],
        },
      },
    },
    cssCodeSplit: false, // all styles are smaller than what a file more takes to come
    assetsInlineLimit: 0, // the page allows no data: but for images
    modulePreload: { polyfill: false }, // an inline script, which the page does not allow
  },
});
