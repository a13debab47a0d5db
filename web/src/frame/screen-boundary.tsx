import { Component, type ReactNode } from 'react';
import { fromUnknown, type OptioError } from '../../../src/errors.ts';
import { Button } from '../design/button.tsx';
import styles from './not-found.module.css';

interface State {
  readonly error: OptioError | null;
}

/** Says so where a screen cannot be shown: it has a mistake, or the server has a newer page and its parts are gone. */
export class ScreenBoundary extends Component<{ readonly children: ReactNode }, State> {
  override readonly state: State = { error: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: fromUnknown(thrown) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <section className={styles.page} role="alert">
        <h1>This screen cannot be shown</h1>
        <p className={styles.text}>{error.message}</p>
        <p className={styles.text}>
          {error.remedy ?? 'Load the page again: the server may have a newer one. Your runs go on meanwhile.'}
        </p>
        <Button kind="main" onClick={() => location.reload()}>
          Load the page again
        </Button>
      </section>
    );
  }
}
