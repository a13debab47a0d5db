import { useEffect, useRef, useState } from 'react';
import { newKey } from '../../../../src/client/key.ts';
import { imageTypeOf, MAX_IMAGE_BYTES } from '../../../../src/contract/image-type.ts';
import { fromUnknown, type OptioError } from '../../../../src/errors.ts';
import { api } from '../../live/api.ts';
import { Previews } from './previews.ts';
import { UPLOADS, uploadName } from './upload-name.ts';

/** A file that goes with the next message. */
interface Attachment {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  /** Where it lies, from the workspace on; null while it is on its way. */
  readonly path: string | null;
  /** It goes in as a picture: what one sees of it here, as an address. */
  readonly preview: string | null;
  readonly problem: OptioError | null;
}

export interface Attachments {
  readonly files: readonly Attachment[];
  readonly add: (files: readonly File[]) => void;
  readonly remove: (key: string) => void;
  readonly clear: () => void;
}

/** Files that are put into the workspace of a run as soon as somebody has added them. */
export function useAttachments(runId: string): Attachments {
  const [files, setFiles] = useState<readonly Attachment[]>([]);
  const [previews] = useState(() => new Previews());
  useEffect(() => () => previews.dropAll(), [previews]);
  const earlier = useRef<Promise<unknown>>(Promise.resolve()); // one after the other, or two might take the same name
  const change = (key: string, change: Partial<Attachment>) =>
    setFiles((before) => before.map((file) => (file.key === key ? { ...file, ...change } : file)));
  const add = (added: readonly File[]) => {
    for (const file of added) {
      const key = newKey();
      setFiles((before) => [
        ...before,
        { key, name: file.name, size: file.size, path: null, preview: null, problem: null },
      ]);
      earlier.current = earlier.current
        .then(() => upload(runId, file))
        .then(
          ({ path, picture }) => change(key, { path, preview: picture && previews.make(key, picture) }),
          (thrown) => change(key, { problem: fromUnknown(thrown) }),
        );
    }
  };
  return {
    files,
    add,
    remove: (key) => {
      previews.drop(key);
      setFiles((before) => before.filter((file) => file.key !== key));
    },
    clear: () => {
      previews.dropAll();
      setFiles([]);
    },
  };
}

interface Uploaded {
  readonly path: string;
  readonly picture: Blob | null;
}

async function upload(runId: string, file: File): Promise<Uploaded> {
  const run = await api.find(runId);
  const path = `${UPLOADS}/${uploadName(file.name, await namesIn(run))}`;
  const content = new Uint8Array(await file.arrayBuffer());
  await run.writeFile(path, content);
  const type = content.length > MAX_IMAGE_BYTES ? undefined : imageTypeOf(content);
  return { path, picture: type === undefined ? null : new Blob([content], { type }) };
}

/** The directory is made with its first file. */
async function namesIn(run: Awaited<ReturnType<typeof api.find>>): Promise<Set<string>> {
  const { entries } = await run.listFiles();
  if (!entries.some(({ name }) => name === UPLOADS)) return new Set();
  return new Set((await run.listFiles(UPLOADS)).entries.map(({ name }) => name));
}
