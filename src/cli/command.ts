/** What one calls us by: `npm start --` in a clone, where there is no `optio-codex` on the path. */
export const COMMAND = process.env.OPTIO_CODEX_CALLED_AS || 'optio-codex';
