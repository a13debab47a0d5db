import { createRequire } from 'node:module';

/** What we call ourselves towards Codex and its provider. */
export const CLIENT_NAME = 'optio_codex';
/** The version of this package. */
export const CLIENT_VERSION = (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
