import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A scripted model in another process. */
export interface ModelProcess {
  readonly url: string;
  close(): Promise<void>;
}

export async function startModel(): Promise<ModelProcess> {
  const peer = fileURLToPath(new URL('model-peer.ts', import.meta.url));
  const model = spawn(process.execPath, [peer], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [url] = (await once(createInterface({ input: model.stdout }), 'line')) as [string];
  const exited = once(model, 'exit');
  const close = async () => {
    model.stdin.end();
    await exited;
  };
  return { url, close };
}
