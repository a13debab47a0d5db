import type { RunHandle } from '../../contract/run-handle.ts';
import { CtrlC } from '../terminal/ctrl-c.ts';
import type { Departure, Leaving } from './ending.ts';
import type { RuleOptions } from './rule.ts';
import { cancelRun } from './tell-run.ts';

export interface UnattendedOptions {
  /** The run was begun elsewhere: whatever comes ends us alone. */
  readonly isAttached: boolean;
  readonly rule: RuleOptions;
  readonly leaving: Leaving;
}

/**
 * What signals mean where nobody types: the first SIGINT or SIGTERM interrupts the turn, which ends a run that nobody
 * could go on with; the second leaves, as does a terminal that was closed.
 */
export class UnattendedSignals {
  readonly #ctrlC: CtrlC;

  constructor(handle: RunHandle, { isAttached, rule, leaving }: UnattendedOptions) {
    const leave = (signal: NodeJS.Signals) => leaving.leave(signal as Departure);
    // By way of the turn, so that the journal tells its end. Without a session there is none.
    const stop = (signal: NodeJS.Signals) => {
      const cancel = () => cancelRun(handle, `cancelled with ${signal === 'SIGINT' ? 'Ctrl-C' : signal}`);
      handle.interrupt().then(() => rule.rest === 'decline' && cancel(), cancel);
    };
    this.#ctrlC = new CtrlC({
      onFirst: isAttached ? leave : stop,
      onSecond: leave,
      onEnd: (signal) => (signal === 'SIGTERM' ? this.#ctrlC.press(signal) : leave(signal)),
    });
    // From then on there is nothing to stop but us.
    const release = () => this.release();
    void handle.outcome.then(release, release);
  }

  release(): void {
    this.#ctrlC.release();
  }
}
