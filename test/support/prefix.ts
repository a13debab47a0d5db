/** What the path of each directory of a test begins with: outside of what the sandbox lets commands write. */
export const PREFIX = '/var/tmp/optio-codex-test-';
