import { Image } from 'lucide-react';
import { useContext, useEffect, useState } from 'react';
import { fromUnknown, type OptioError } from '../../../../../src/errors.ts';
import { Button } from '../../../design/button.tsx';
import { Problem } from '../../../design/problem.tsx';
import { api } from '../../../live/api.ts';
import { PlaceContext } from '../folds.ts';
import { pathInside, shortPath } from '../place.ts';
import styles from './card.module.css';
import { CardBody, CardHead } from './card.tsx';

/** What a browser draws, and cannot run anything of. */
const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

/** A picture on the host: its path, and itself on demand, where it lies in the workspace. */
export function ImageCard({ path }: { readonly path: string }) {
  const { runId, workspace } = useContext(PlaceContext);
  const [shown, setShown] = useState<'no' | 'loading' | { readonly url: string } | { readonly error: OptioError }>(
    'no',
  );
  const url = typeof shown === 'object' && 'url' in shown ? shown.url : null;
  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url]);
  const inside = pathInside(path, workspace);
  const type = TYPES[path.toLowerCase().split('.').at(-1) ?? ''];
  const show = async () => {
    setShown('loading');
    try {
      const bytes = await (await api.find(runId)).readFile(inside ?? path);
      setShown({ url: URL.createObjectURL(new Blob([new Uint8Array(bytes)], type === undefined ? {} : { type })) });
    } catch (thrown) {
      setShown({ error: fromUnknown(thrown) });
    }
  };
  const canShow = inside !== null && type !== undefined && url === null;
  return (
    <>
      <CardHead icon={<Image size={15} />} label="Picture">
        {shortPath(path, workspace)}
      </CardHead>
      <CardBody>
        {canShow && (
          <div>
            <Button kind="quiet" disabled={shown === 'loading'} onClick={() => void show()}>
              {shown === 'loading' ? 'Loading …' : 'Show the picture'}
            </Button>
          </div>
        )}
        {url !== null && <img className={styles.picture} src={url} alt={shortPath(path, workspace)} />}
        {typeof shown === 'object' && 'error' in shown && <Problem error={shown.error} />}
      </CardBody>
    </>
  );
}
