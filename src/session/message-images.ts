import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import type { MessageInput } from '../codex/input.ts';
import type { RunEventBody } from '../contract/event.ts';
import { IMAGE_TYPES_IN_WORDS, imageTypeOf, MAX_IMAGE_BYTES, MAX_IMAGES } from '../contract/image-type.ts';
import type { RunView } from '../contract/view.ts';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { isWithin } from '../hosts/paths.ts';

/** Where copies of pictures are, in the private directory of a run. */
const COPIES = 'images';

export interface MessageImagesOptions {
  readonly host: Host;
  /** Where pictures are looked for that messages name. */
  readonly workspace: string;
  /** The private directory of the run. */
  readonly directory: string;
  /** Everything of ours, of which no picture is taken. */
  readonly dataDirectory: string;
  /** What the task itself names with its first message, which may lie anywhere else on the host too. */
  readonly ofTask?: readonly string[] | undefined;
  /** The journal so far, where there is one. */
  readonly before?: Pick<RunView, 'messages'> | undefined;
}

/**
 * The pictures of messages. Codex reads them outside of the sandbox, and an agent could put a link to anything in the place of
 * one that was checked. So each is copied, over no link, to where no command can read or write, and Codex is given the copy:
 * what is sent again after a death is what was sent before, whatever has become of the file.
 */
export class MessageImages {
  readonly #options: MessageImagesOptions;
  /** By message, as whoever sent it named them. */
  readonly #named = new Map<string, readonly string[]>();

  #before: Promise<unknown> = Promise.resolve();

  constructor(options: MessageImagesOptions) {
    this.#options = options;
    for (const [messageId, { images }] of Object.entries(options.before?.messages ?? {}))
      if (images.length > 0) this.#named.set(messageId, images);
  }

  /**
   * Copies the pictures of a message. Throws `not-found`, `path-refused`, `message-too-large`, and `invalid-input` for what is
   * no picture, and for more than ten of them.
   */
  copy(messageId: string, paths: readonly string[]): Promise<void> {
    return this.#inOrder(() => this.#copy(messageId, paths));
  }

  async #copy(messageId: string, paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    if (paths.length > MAX_IMAGES) {
      throw new OptioError('invalid-input', `images: ${paths.length} are more than may go with a message`, {
        field: 'images',
        remedy: `Send at most ${MAX_IMAGES} with each message.`,
      });
    }
    this.#named.set(messageId, paths);
    const { host, directory } = this.#options;
    const pictures: Buffer[] = [];
    for (const path of paths) pictures.push(await this.#read(path)); // all of them, before anything is written
    await host.makeDirectory(join(directory, COPIES));
    for (const [index, picture] of pictures.entries())
      await host.writeFile(this.#copyOf(messageId, paths, index), picture);
  }

  /** What Codex is given of them, which are copied where they are not yet. Throws as `copy` does. */
  inputs(messageId: string, paths: readonly string[]): Promise<MessageInput[]> {
    return this.#inOrder(() => this.#inputs(messageId, paths));
  }

  async #inputs(messageId: string, paths: readonly string[]): Promise<MessageInput[]> {
    const copies = paths.map((_, index) => this.#copyOf(messageId, paths, index));
    const areThere = await Promise.all(copies.map((path) => this.#options.host.exists(path)));
    if (areThere.includes(false)) await this.#copy(messageId, paths);
    return copies.map((path) => ({ type: 'localImage', path }));
  }

  /** One message after the other, also where it has none: what is sent later than a picture is not to come before it. */
  #inOrder<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#before.then(act);
    this.#before = done.catch(() => {});
    return done;
  }

  /** An event as it is to be told: Codex names the copies that it was given. */
  withNames(body: RunEventBody): RunEventBody {
    if (body.type !== 'item.started' && body.type !== 'item.completed') return body;
    const { item } = body;
    const images = item.kind === 'userMessage' && this.#named.get(item.messageId ?? '');
    return images ? { ...body, item: { ...item, images: [...images] } } : body;
  }

  /** The model is told what it is called; what a name may hold besides is for no prompt. */
  #copyOf(messageId: string, paths: readonly string[], index: number): string {
    const message = createHash('sha256').update(messageId).digest('hex').slice(0, 32);
    const name = (paths[index] ?? '').split('/').at(-1) ?? '';
    return join(this.#options.directory, COPIES, `${message}-${index + 1}-${name.replace(/[^\w.-]/g, '_').slice(-80)}`);
  }

  async #read(path: string): Promise<Buffer> {
    const { host, workspace, dataDirectory, ofTask = [] } = this.#options;
    const isElsewhere = ofTask.includes(path) && isAbsolute(path) && !isWithin(workspace, path);
    // No link is followed below, so that a path which leads there names it.
    if (isElsewhere && isWithin((await host.realPath(dataDirectory)) ?? dataDirectory, path)) {
      throw new OptioError('path-refused', `${path} is refused: it is a file of optio-codex itself`, {
        remedy: 'Name another picture.',
      });
    }
    const picture = await host.readInside(isElsewhere ? '/' : workspace, path, { maxBytes: MAX_IMAGE_BYTES + 1 });
    if (!picture) {
      throw new OptioError('not-found', `there is no picture ${path}, or a link or something else is in its place`, {
        remedy: 'Name a file of the workspace, from there on. Where a link leads to it, give the path behind the link.',
      });
    }
    if (picture.length > MAX_IMAGE_BYTES) {
      throw new OptioError('message-too-large', `the picture ${path} has more than ${MAX_IMAGE_BYTES} bytes`, {
        remedy: 'Make it smaller: a model sees no more of it anyway.',
      });
    }
    if (imageTypeOf(picture)) return picture;
    throw new OptioError('invalid-input', `images: ${path} is not a valid picture`, {
      field: 'images',
      remedy: `Send ${IMAGE_TYPES_IN_WORDS}; name any other file in the text of the message.`,
    });
  }
}
