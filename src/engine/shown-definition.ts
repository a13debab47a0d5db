import type { RequestPolicy } from '../contract/rule.ts';
import type { RunSpec } from '../contract/run-spec.ts';
import { OptioError } from '../errors.ts';

/** What stands in the place of what is not shown. */
const HIDDEN = '(hidden)';

/** The parts of a definition that may be secrets. */
interface Guarded {
  readonly config?: Pick<RunSpec, 'env'>;
  readonly requests?: RequestPolicy | undefined;
}

/**
 * A definition as everybody may see it who looks at a run or a task: without the values of the variables for its commands, which
 * may be keys, and without more of the address of its webhook than the host: often the rest is a key, too.
 */
export function shownDefinition(definition: unknown): unknown {
  const { config, requests } = (definition ?? {}) as Guarded;
  const { webhook } = requests ?? {};
  if (!config?.env && !webhook) return definition;
  const env = config?.env && Object.fromEntries(Object.keys(config.env).map((name) => [name, HIDDEN]));
  return {
    ...(definition as object),
    ...(env && { config: { ...config, env } }),
    ...(webhook && { requests: { ...requests, webhook: { ...webhook, url: shownAddress(webhook.url) } } }),
  };
}

/**
 * The definition that somebody has written who has read it as it is shown: what was hidden keeps its value. `before`: what
 * there is of that name. Throws `invalid-config` where there is no such value.
 */
export function withHidden<D extends Guarded>(definition: D, before: unknown): D {
  const { config, requests } = definition;
  const old = (before ?? {}) as Guarded;
  const env =
    config?.env &&
    Object.fromEntries(
      Object.entries(config.env).map(([name, value]) => [
        name,
        value === HIDDEN ? known(old.config?.env?.[name], `config.env.${name}`) : value,
      ]),
    );
  const { webhook } = requests ?? {};
  const oldUrl = old.requests?.webhook?.url;
  const isHidden = webhook?.url.endsWith(HIDDEN);
  const isSame = oldUrl !== undefined && webhook?.url === shownAddress(oldUrl);
  const url = isHidden ? known(isSame ? oldUrl : undefined, 'requests.webhook.url') : webhook?.url;
  return {
    ...definition,
    ...(env && { config: { ...config, env } }),
    ...(url !== undefined && { requests: { ...requests, webhook: { ...webhook, url } } }),
  };
}

function known(value: string | undefined, field: string): string {
  if (value !== undefined) return value;
  throw new OptioError('invalid-config', `${field}: ${HIDDEN} stands for a value, and there is none here`, {
    field,
    remedy: 'Give the value itself.',
  });
}

function shownAddress(url: string): string {
  return `${new URL(url).origin}/${HIDDEN}`;
}
