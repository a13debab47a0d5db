import { memo } from 'react';
import type { Row } from './rows.ts';

/** One row, drawn anew only when it has changed. */
export const RowView = memo(
  function RowView({ row }: { readonly row: Row }) {
    if (row.kind === 'item') return <pre>{JSON.stringify(row.item, null, 1)}</pre>;
    if (row.kind === 'request') return <pre>{JSON.stringify(row.request, null, 1)}</pre>;
    return <hr />;
  },
  (a, b) => a.row.key === b.row.key && a.row.revision === b.row.revision && isOpen(a.row) === isOpen(b.row),
);

function isOpen(row: Row): boolean {
  return row.kind === 'item' && row.isOpen;
}
