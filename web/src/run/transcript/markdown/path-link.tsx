import { type ReactNode, useContext } from 'react';
import { PlaceContext } from '../folds.ts';
import { pathInside } from '../place.ts';
import { pathOf } from './links.ts';
import styles from './markdown.module.css';

export interface PathLinkProps {
  readonly address: string;
  /** It has a name besides its address. */
  readonly isNamed: boolean;
  readonly children: ReactNode;
}

/** A file that Codex names: one of the workspace is shown when it is pressed, of another one is told where it lies. */
export function PathLink({ address, isNamed, children }: PathLinkProps) {
  const { workspace, showFile } = useContext(PlaceContext);
  const path = pathOf(address);
  const inside = path === null ? null : pathInside(path, workspace);
  if (inside === null || showFile === null) {
    return (
      <>
        {children}
        {isNamed && ` (${address})`}
      </>
    );
  }
  return (
    <button type="button" className={styles.path} title={`Show ${address}`} onClick={() => showFile(inside)}>
      {children}
    </button>
  );
}
