import type { DemoOptions } from './contract/api.ts';
import { MAX_WAIT_MS, type RunSpec } from './contract/run-spec.ts';
import { OptioError } from './errors.ts';
import { DEMO_FILES, DEMO_TASK, demoScript } from './testing/demo.ts';
import { ScriptedModel } from './testing/model.ts';

/** What a demo is known by: a run whose model lives in the process that has launched it. */
export const DEMO_TAGS = { 'optio-codex': 'demo' };

export function isDemo({ metadata }: { readonly metadata: Readonly<Record<string, string>> }): boolean {
  return metadata['optio-codex'] === DEMO_TAGS['optio-codex'];
}

/** A run that shows what there is without a login: the real Codex, with a scripted model. */
export class Demo {
  readonly spec: RunSpec;
  readonly #model: ScriptedModel;

  private constructor(model: ScriptedModel) {
    this.#model = model;
    this.spec = {
      instructions: DEMO_TASK,
      workspace: { fresh: true, files: DEMO_FILES },
      provider: {
        baseUrl: model.url,
        name: 'the scripted model',
        models: [{ id: 'scripted', name: 'Scripted model', contextWindow: 128_000 }],
      },
      model: 'scripted',
      permissionGate: true,
    };
  }

  /** Starts its model. Throws `invalid-input`. */
  static async start(options: DemoOptions): Promise<Demo> {
    checkPace(options);
    return new Demo(await ScriptedModel.start({ script: demoScript(options) }));
  }

  close(): Promise<void> {
    return this.#model.close();
  }
}

/** With a pause that no timer has the model would make none. */
function checkPace({ paceMs = 0 }: DemoOptions): void {
  if (paceMs >= 0 && paceMs <= MAX_WAIT_MS) return;
  throw new OptioError('invalid-input', `paceMs: the model cannot pause for ${paceMs} ms`, {
    field: 'paceMs',
    remedy: `Give milliseconds, ${MAX_WAIT_MS} at most.`,
  });
}
