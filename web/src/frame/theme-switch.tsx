import { Monitor, Moon, Sun } from 'lucide-react';
import { Button } from '../design/button.tsx';
import { setTheme, THEMES, type Theme, theme } from '../design/theme.ts';
import { useStore } from '../live/store.ts';

const ICONS = { system: Monitor, light: Sun, dark: Moon };
const WORDS: Readonly<Record<Theme, string>> = { system: 'as the machine', light: 'light', dark: 'dark' };

/** Goes from one theme to the next. */
export function ThemeSwitch() {
  const now = useStore(theme);
  const next = nextTheme(now);
  const Icon = ICONS[now];
  return (
    <Button
      kind="quiet"
      isIcon
      aria-label={`Theme: ${WORDS[now]}. Change to ${WORDS[next]}`}
      title={`Theme: ${WORDS[now]}`}
      onClick={() => setTheme(next)}
    >
      <Icon size={16} aria-hidden />
    </Button>
  );
}

function nextTheme(now: Theme): Theme {
  return THEMES[(THEMES.indexOf(now) + 1) % THEMES.length] ?? 'system';
}
