import { Image } from 'lucide-react';
import { lazy, Suspense, useContext, useState } from 'react';
import { imageTypeOf, MAX_IMAGE_BYTES } from '../../../../src/contract/image-type.ts';
import { OptioError } from '../../../../src/errors.ts';
import { Picture } from '../../design/picture.tsx';
import { useLoaded } from '../../design/use-loaded.ts';
import { api } from '../../live/api.ts';
import { PlaceContext } from './folds.ts';
import { pathInside, shortPath } from './place.ts';
import styles from './sent-picture.module.css';

const LargePicture = lazy(async () => ({ default: (await import('./large-picture.tsx')).LargePicture }));

/** A picture that went with a message, as it lies in the workspace now; larger when it is pressed. */
export function SentPicture({ path }: { readonly path: string }) {
  const { runId, workspace } = useContext(PlaceContext);
  const [isLarge, setLarge] = useState(false);
  const inside = pathInside(path, workspace);
  const picture = useLoaded(inside === null ? null : `${runId} ${inside}`, () => read(runId, inside ?? ''));
  const name = shortPath(path, workspace);
  if (!picture.data) {
    return (
      <p className={styles.note}>
        <Image size={13} aria-hidden="true" /> {name}
        {picture.isLoading && ' is being fetched …'}
        {inside === null && ', which is not in the workspace'}
        {picture.problem && `, which cannot be shown: ${picture.problem.message}`}
      </p>
    );
  }
  return (
    <>
      <button type="button" className={styles.small} title={name} onClick={() => setLarge(true)}>
        <Picture bytes={picture.data} name={`Picture ${name}, enlarge`} />
      </button>
      {isLarge && (
        <Suspense fallback={null}>
          <LargePicture bytes={picture.data} name={name} onClose={() => setLarge(false)} />
        </Suspense>
      )}
    </>
  );
}

/** Something else may lie there by now. */
async function read(runId: string, path: string): Promise<Uint8Array> {
  const file = await (await api.find(runId)).openFile(path);
  try {
    if (file.size > MAX_IMAGE_BYTES) throw new OptioError('message-too-large', 'it is too large by now');
    const bytes = new Uint8Array(file.size);
    let at = 0;
    for await (const piece of file.pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    if (imageTypeOf(bytes)) return bytes;
    throw new OptioError('invalid-input', 'something else than a picture lies there by now');
  } finally {
    await file.close();
  }
}
