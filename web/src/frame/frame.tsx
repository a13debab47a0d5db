import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { useLearnRole, useLooksOn } from '../design/looking-on.ts';
import { followTheme } from '../design/theme.ts';
import { toasts } from '../design/toast.ts';
import { ToastList } from '../design/toast-list.tsx';
import { useStore } from '../live/store.ts';
import { seeToLeftDeletions } from '../runs/left-deletions.ts';
import { question } from '../runs/questions.ts';
import { Attention } from './attention.tsx';
import styles from './frame.module.css';
import { keepFocus } from './kept-focus.ts';
import { Navigation } from './navigation.tsx';
import { screensFor } from './screens.ts';
import { listenToKeys, useShortcuts } from './shortcuts.ts';

const RunQuestions = lazy(() =>
  import('../runs/run-questions.tsx').then(({ RunQuestions }) => ({ default: RunQuestions })),
);
const Palette = lazy(() => import('./palette.tsx').then(({ Palette }) => ({ default: Palette })));
const KeyboardMap = lazy(() => import('./keyboard-map.tsx').then(({ KeyboardMap }) => ({ default: KeyboardMap })));

/** What is around every screen. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const [, navigate] = useLocation();
  const [open, setOpen] = useState<'palette' | 'keyboard' | null>(null);
  const close = () => setOpen(null);
  const looksOn = useLooksOn();
  const isAsked = useStore(question) !== null;
  useLearnRole();
  useEffect(followTheme, []);
  useEffect(listenToKeys, []);
  useEffect(keepFocus, []);
  useEffect(seeToLeftDeletions, []);
  useShortcuts('Everywhere', [
    { keys: 'Mod+K', label: 'Commands', act: () => setOpen('palette') },
    { keys: '?', label: 'This map', act: () => setOpen('keyboard') },
    ...(looksOn ? [] : [{ keys: 'z', label: 'Undo what was done last', act: () => toasts.actOnNewest() }]),
    ...screensFor(looksOn).map(({ href, label, keys }) => ({
      keys,
      label: `Go to “${label}”`,
      act: () => navigate(href),
    })),
  ]);
  return (
    <div className={styles.frame}>
      <button type="button" className={styles.skip} onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <Navigation onPalette={() => setOpen('palette')} onKeyboardMap={() => setOpen('keyboard')} />
      <main className={styles.main} id="main" tabIndex={-1}>
        {children}
      </main>
      <ToastList />
      <Attention />
      <Suspense>
        {open === 'palette' && <Palette onClose={close} onKeyboardMap={() => setOpen('keyboard')} />}
        {open === 'keyboard' && <KeyboardMap onClose={close} />}
        {isAsked && <RunQuestions />}
      </Suspense>
    </div>
  );
}
