import { curlOf } from './curl-example.ts';
import { escapeHtml, htmlPage } from './html.ts';
import type { OpenApiDocument } from './openapi.ts';
import type { Content, Operation, Parameter } from './openapi-operation.ts';
import { fieldsOf, typeOf } from './schema-view.ts';

export interface ReferenceOptions {
  /** Where the reader has found the page, for the examples. */
  readonly url: string;
  /** Where the token of the server lies, on its machine. */
  readonly tokenFile: string;
}

interface Listed {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** The document for people: one page, without scripts, that needs nothing from elsewhere. */
export function referencePage(document: OpenApiDocument, { url, tokenFile }: ReferenceOptions): string {
  const all = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const groups = document.tags.map(({ name, description }) => ({
    name,
    description,
    routes: all.filter(({ operation }) => operation.tags.includes(name)),
  }));
  const schemas = Object.entries(document.components.schemas);
  const { title, version, description } = document.info;
  const setUp = `URL=${url}\nTOKEN=$(cat ${shellWord(tokenFile)})   # the token of the data directory`;
  return htmlPage(
    `${title}: HTTP API`,
    `<header><h1>${escapeHtml(title)}: HTTP API</h1>
<p class="quiet">Version ${escapeHtml(version)} · <a href="openapi.json">OpenAPI document</a></p>
${description
  .split('\n\n')
  .map((text) => `<p>${prose(text)}</p>`)
  .join('\n')}
<p>The examples below want two variables of the shell:</p>
<pre>${escapeHtml(setUp)}</pre></header>
<nav aria-label="Routes"><ul>
${groups.map(({ name }) => `<li><a href="#${name}">${escapeHtml(name)}</a></li>`).join('\n')}
<li><a href="#schemas">schemas</a></li>
</ul></nav>
<main>
${groups
  .map(
    ({ name, description: about, routes }) => `<section id="${name}"><h2>${escapeHtml(name)}</h2><p>${prose(about)}</p>
${routes.map((listed) => routeView(listed, document)).join('\n')}</section>`,
  )
  .join('\n')}
<section id="schemas"><h2>Schemas</h2>
${schemas.map(([name, schema]) => `<details><summary><h3 class="path">${name}</h3></summary><div id="schema-${name}">${fieldsOf(schema)}</div></details>`).join('\n')}
</section></main>`,
  );
}

/** A path as one word for a shell. */
function shellWord(path: string): string {
  return /^[\w/.,:=@%+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** What a link leads to is within its details, so that a browser opens them. */
function routeView({ path, method, operation }: Listed, document: OpenApiDocument): string {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  return `<details><summary><span class="method">${method}</span><h3 class="path">${escapeHtml(path)}</h3>
<span class="role">${operation['x-role']}</span><span class="summary">${prose(summary)}</span></summary><div id="${operationId}">
${description === undefined ? '' : `<p>${prose(description)}</p>`}
${parameters.length === 0 ? '' : `<h4>Parameters</h4><dl>${parameters.map(parameterView).join('')}</dl>`}
${requestBody ? `<h4>Body</h4>${contentView(requestBody.content)}` : ''}
${Object.entries(responses)
  .flatMap(([status, { content, description: about, $ref }]) =>
    $ref ? [] : [`<h4>Answer ${status}</h4>${content ? contentView(content) : `<p>${prose(about ?? '')}</p>`}`],
  )
  .join('')}
<h4>With curl</h4><pre>${escapeHtml(curlOf({ path, method, operation }, document))}</pre></div></details>`;
}

function parameterView({ name, in: place, required, description, schema }: Parameter): string {
  const needed = required ? ' <span class="needed">needed</span>' : '';
  const about = description === undefined ? '' : `<dd>${prose(description)}</dd>`;
  return `<dt><code>${escapeHtml(name)}</code> <span class="type">${typeOf(schema)} in the ${place}</span>${needed}</dt>${about}`;
}

function contentView(content: Content): string {
  const views = Object.entries(content).map(([type, { schema, 'x-item-schema': item }]) => {
    return `<p class="type">${escapeHtml(type)}</p>${fieldsOf(item ?? schema)}`;
  });
  return views.join('');
}

/** Text in which code stands between backticks. */
function prose(text: string): string {
  return escapeHtml(text).replaceAll(/&#96;|`([^`]+)`/g, '<code>$1</code>');
}
