/** How one logs in with ChatGPT. */
export const CODE_MEANS = 'You get a code, and enter it at OpenAI’s page in any browser, on a telephone too.';

/** The provider sends the browser back to the machine of the server, by an address that only this machine itself has. */
export const BROWSER_MEANS = (machine: string | undefined): string =>
  `Only in a browser on the machine of the server${machine === undefined ? '' : `, ${machine}`}: the provider sends it back there.${
    isThisMachine() ? '' : ' This page comes from another machine, as it seems: take the code.'
  }`;

/** Whether this browser is on the machine of the server, as far as the address of the page tells. */
function isThisMachine(): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname);
}
