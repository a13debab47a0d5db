import { afterEach, expect, it, vi } from 'vitest';
import { styleFor } from '../../src/cli/terminal/style.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

it('names in a remedy the command as it was called', async () => {
  vi.stubEnv('OPTIO_CODEX_CALLED_AS', 'npm start --');
  vi.resetModules();
  const { linesOfError } = await import('../../src/cli/error-view.ts');
  const remedy = 'Stop it first: optio-codex stop. `optio-codex serve` starts it; a newer optio-codex has written it.';
  const [, line] = linesOfError({ code: 'internal', message: 'no', remedy }, styleFor({ isTTY: false }, {}));
  expect(line).toBe(
    '  Stop it first: npm start -- stop. `npm start -- serve` starts it; a newer optio-codex has written it.',
  );
});
