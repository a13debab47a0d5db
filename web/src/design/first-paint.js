// Runs before anything is drawn, so that nobody sees one theme turn into the other. See theme.ts.
try {
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing has the theme of the machine.
}
