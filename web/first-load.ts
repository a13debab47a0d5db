import { gzipSync } from 'node:zlib';
import type { OutputAsset, OutputBundle, OutputChunk, Plugin } from 'vite';

/** What a browser loads to show the first screen, at most, in bytes: compressed, with the fonts of what stands there. */
const MOST = 250_000;
/** The screen that lies at `/`, which the document loads by itself. */
const FIRST_SCREEN = 'src/runs/runs-page.tsx';
/** Other subsets are loaded once a character of theirs occurs. */
export const FONT = /inter-latin-wght-normal.*\.woff2$/;

/** Only forms check what they send: web/slim-contract.ts keeps it from all other screens. */
const LATER = /^assets\/zod-/;

/** Prints how large the first load is, and fails the build where it is too large, or has in it what can come later. */
export function firstLoad(): Plugin {
  return {
    name: 'first-load',
    apply: 'build',
    writeBundle(_options, bundle) {
      const files = firstFiles(bundle);
      const early = files.find(({ fileName }) => LATER.test(fileName));
      if (early) this.error(`${early.fileName} is in the first load: something that is drawn at once needs a schema`);
      const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0);
      console.log(`first load: ${Math.round(bytes / 1_000)} kB compressed, of ${MOST / 1_000} kB`);
      if (bytes > MOST) this.error(`the first load is ${bytes} bytes, which is more than ${MOST}`);
    },
  };
}

function firstFiles(bundle: OutputBundle): (OutputAsset | OutputChunk)[] {
  const files = Object.values(bundle);
  const names = new Set<string>();
  const add = (name: string) => {
    const file = bundle[name];
    if (!file || names.has(name)) return;
    names.add(name);
    if (file.type !== 'chunk') return;
    for (const other of file.imports) add(other);
  };
  for (const file of files) {
    const isFirst =
      file.type === 'chunk'
        ? file.isEntry || file.facadeModuleId?.endsWith(FIRST_SCREEN)
        : FONT.test(file.fileName) || /^(index\.html|assets\/(first-[^/]*\.js|[^/]*\.css))$/.test(file.fileName);
    if (isFirst) add(file.fileName);
  }
  return files.filter(({ fileName }) => names.has(fileName));
}

/** As the server sends it: fonts are compressed already. */
function sizeOf(file: OutputAsset | OutputChunk): number {
  const content = file.type === 'chunk' ? file.code : file.source;
  return file.fileName.endsWith('.woff2') ? content.length : gzipSync(content).length;
}
