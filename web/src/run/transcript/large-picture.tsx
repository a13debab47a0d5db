import { Dialog } from '../../design/dialog.tsx';
import { Picture } from '../../design/picture.tsx';
import styles from './sent-picture.module.css';

export interface LargePictureProps {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly onClose: () => void;
}

/** A picture before everything else. */
export function LargePicture({ name, bytes, onClose }: LargePictureProps) {
  return (
    <Dialog title={name} onClose={onClose} isWide>
      <Picture bytes={bytes} name={name} className={styles.large} />
    </Dialog>
  );
}
