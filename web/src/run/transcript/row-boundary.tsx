import { Component, type ReactNode } from 'react';
import { fromUnknown, type OptioError } from '../../../../src/errors.ts';
import { Problem } from '../../design/problem.tsx';
import type { Row } from './row.ts';

interface Props {
  readonly row: Row;
  readonly children: ReactNode;
}

interface State {
  readonly error: OptioError | null;
  /** The row as it was then: once it is another one it is tried again. */
  readonly row: Row | null;
}

/** Keeps a row that cannot be shown from taking all others with it, and the answers and messages that one could give. */
export class RowBoundary extends Component<Props, State> {
  override readonly state: State = { error: null, row: null };

  static getDerivedStateFromError(thrown: unknown): Partial<State> {
    return { error: fromUnknown(thrown) };
  }

  static getDerivedStateFromProps({ row }: Props, { row: before }: State): Partial<State> | null {
    return row === before ? null : { row, error: null };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error ? <Problem error={error} title="This cannot be shown; the export has it" /> : this.props.children;
  }
}
