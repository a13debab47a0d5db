import { Command, Keyboard } from 'lucide-react';
import { Link, useRoute } from 'wouter';
import { Button } from '../design/button.tsx';
import { useLooksOn } from '../design/looking-on.ts';
import { feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { Connection } from './connection.tsx';
import styles from './navigation.module.css';
import { type Screen, screensFor } from './screens.ts';
import { ThemeSwitch } from './theme-switch.tsx';

export interface NavigationProps {
  readonly onPalette: () => void;
  readonly onKeyboardMap: () => void;
}

/** Where one can go, at the side; on a phone at the bottom. */
export function Navigation({ onPalette, onKeyboardMap }: NavigationProps) {
  const { requests } = useStore(feed.list);
  return (
    <nav className={styles.nav} aria-label="Screens">
      <Link href="/" className={styles.brand}>
        <img src="./icon.svg" alt="" width="22" height="22" />
        <span>optio-codex</span>
      </Link>
      {screensFor(useLooksOn()).map((screen) => (
        <ScreenLink key={screen.href} screen={screen} count={screen.href === '/requests' ? requests.size : 0} />
      ))}
      <div className={styles.foot}>
        <Connection />
        <div className={styles.tools}>
          <Button kind="quiet" isIcon aria-label="Commands" title="Commands (Ctrl K, or ⌘ K)" onClick={onPalette}>
            <Command size={16} aria-hidden />
          </Button>
          <Button kind="quiet" isIcon aria-label="Keyboard" title="Keyboard (?)" onClick={onKeyboardMap}>
            <Keyboard size={16} aria-hidden />
          </Button>
          <ThemeSwitch />
        </div>
      </div>
    </nav>
  );
}

function ScreenLink({ screen, count }: { readonly screen: Screen; readonly count: number }) {
  const { href, label, icon: Icon, below = href } = screen;
  const [isHere] = useRoute(href);
  const [isBelow] = useRoute(below);
  return (
    <Link href={href} className={styles.screen} aria-current={isHere ? 'page' : isBelow ? 'true' : undefined}>
      <Icon size={16} aria-hidden />
      <span>{label}</span>
      {count > 0 && (
        <span className={styles.count}>
          {count}
          <span className="visually-hidden"> wait for you</span>
        </span>
      )}
    </Link>
  );
}
