/** The sign of the tab as an image, with how many requests wait; the file that is there when none does. */
export function faviconOf(waiting: number): string {
  if (waiting === 0) return './icon.svg';
  const text = waiting > 9 ? '9+' : String(waiting);
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1f4d4a"/>' +
    '<circle cx="12.5" cy="19.5" r="6.5" fill="none" stroke="#f6f2ea" stroke-width="3"/>' +
    '<rect x="13" y="1" width="18" height="18" rx="9" fill="#e9b44c"/>' +
    `<text x="22" y="15" font-family="sans-serif" font-size="${text.length > 1 ? 11 : 14}" font-weight="700" text-anchor="middle" fill="#231a05">${text}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
