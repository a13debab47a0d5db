import { join } from 'node:path';
import type { Plugin } from 'vite';
import { ROUTES } from '../src/contract/routes.ts';

/** Where the contract lies. */
export const CONTRACT = join(import.meta.dirname, '../src/contract/');
/** How a schema is written down, a list of them (`[…] as const`), or what several have in common. */
const MADE = ['CallExpression', 'TSAsExpression', 'ObjectExpression'];
const ROUTES_FILE = join(CONTRACT, 'routes.ts');

/**
 * Leaves the schemas that the page never checks by out of it: to make them takes as long as to draw a screen. Of a route the
 * client needs how it is called, and whether it answers; and of the rest only what somebody uses is made.
 */
export function slimContract(): Plugin {
  return {
    name: 'slim-contract',
    apply: 'build',
    enforce: 'pre',
    load: (id) => (id === ROUTES_FILE ? `export const ROUTES = ${JSON.stringify(slimRoutes())};` : null),
    transform(code, id) {
      if (!id.startsWith(CONTRACT) || id === ROUTES_FILE || !code.includes("from 'zod'")) return null;
      const values = this.parse(code, { lang: 'ts' }).body.flatMap((statement) => {
        const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
        if (declared?.type !== 'VariableDeclaration') return [];
        return declared.declarations.flatMap(({ init }) => (init && MADE.includes(init.type) ? [init] : []));
      });
      // What a bundler cannot look into may do anything, unless it is told otherwise.
      return values.reduceRight(
        (text, { start, end }) =>
          `${text.slice(0, start)}/* @__PURE__ */ (() => (${text.slice(start, end)}))()${text.slice(end)}`,
        code,
      );
    },
  };
}

function slimRoutes(): object {
  const slim = Object.entries<Partial<(typeof ROUTES)[keyof typeof ROUTES]> & Loose>(ROUTES).map(([name, route]) => {
    const { summary: _, description: _1, role: _2, query: _3, body, result, ...called } = route;
    return [name, { ...called, ...(body === 'bytes' && { body }), ...(result !== undefined && { result: true }) }];
  });
  return Object.fromEntries(slim);
}

/** The parts of a route that not each of them has. */
interface Loose {
  readonly description?: string;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly result?: unknown;
}
