import { Image } from 'lucide-react';
import { useContext, useState } from 'react';
import { imageTypeOf } from '../../../../../src/contract/image-type.ts';
import { OptioError } from '../../../../../src/errors.ts';
import { Button } from '../../../design/button.tsx';
import { Picture } from '../../../design/picture.tsx';
import { Problem } from '../../../design/problem.tsx';
import { useAction } from '../../../design/use-action.ts';
import { api } from '../../../live/api.ts';
import { PlaceContext } from '../folds.ts';
import { pathInside, shortPath } from '../place.ts';
import styles from './card.module.css';
import { CardBody, CardHead } from './card.tsx';

/** A picture on the host: its path, and itself on demand, where it lies in the workspace. */
export function ImageCard({ path }: { readonly path: string }) {
  const { runId, workspace } = useContext(PlaceContext);
  const [bytes, setBytes] = useState<Uint8Array>();
  const inside = pathInside(path, workspace);
  const name = shortPath(path, workspace);
  const show = useAction(async () => {
    const read = await (await api.find(runId)).readFile(inside ?? path);
    if (!imageTypeOf(read)) throw new OptioError('invalid-input', `${name} is no picture that can be shown here`);
    setBytes(read);
  });
  return (
    <>
      <CardHead icon={<Image size={15} />} label="Picture">
        {name}
      </CardHead>
      <CardBody>
        {inside !== null && !bytes && (
          <div>
            <Button kind="quiet" disabled={show.isBusy} onClick={() => void show.begin()}>
              {show.isBusy ? 'Loading …' : 'Show the picture'}
            </Button>
          </div>
        )}
        {bytes && <Picture bytes={bytes} name={name} className={styles.picture} />}
        {show.problem && <Problem error={show.problem} />}
      </CardBody>
    </>
  );
}
