import { MoreHorizontal } from 'lucide-react';
import type { ComponentProps } from 'react';
import { Button } from '../design/button.tsx';

export function RowMenuButton({ name, ...rest }: { readonly name: string } & ComponentProps<typeof Button>) {
  return (
    <Button kind="quiet" isIcon aria-label={`What to do with ${name}`} {...rest}>
      <MoreHorizontal size={15} aria-hidden />
    </Button>
  );
}
