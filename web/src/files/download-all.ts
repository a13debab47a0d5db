import { fillPath } from '../../../src/contract/route.ts';
import { ROUTES } from '../../../src/contract/routes.ts';
import { api, base } from '../live/api.ts';

/**
 * Has the browser fetch a workspace as a zip, which it writes where downloads go. Throws why there will be none: of that a browser
 * would tell nobody.
 */
export async function downloadAll(runId: string): Promise<void> {
  for await (const _ of (await api.find(runId)).downloadFiles()) break;
  const link = document.createElement('a');
  link.href = `${base}${fillPath(ROUTES.downloadFiles.path, { run: runId })}`;
  link.download = '';
  link.click();
}
