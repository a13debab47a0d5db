import { type HTMLAttributes, type KeyboardEvent, type ReactNode, useRef } from 'react';

export interface Tab<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export interface TabListProps<Value extends string> {
  /** What the tabs are of, for whoever does not see them. */
  readonly label: string;
  readonly tabs: readonly Tab<Value>[];
  /** The tab whose panel is shown; it may be none of these. */
  readonly shown: Value;
  readonly onShow: (value: Value) => void;
  readonly className?: string | undefined;
  readonly tabClassName?: string | undefined;
}

/** Where each key leads from the tab at `at`, of so many. */
const WAYS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/**
 * The tabs of a page, as ARIA has them: Tab reaches the one that is shown, and the arrow keys the others, which are shown at
 * once. Of our own, since the library of our menus would bring half of what a run loads first for them.
 */
export function TabList<Value extends string>(props: TabListProps<Value>) {
  const { label, tabs, shown, onShow, className, tabClassName } = props;
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ value }) => idOf(value) === (event.target as HTMLElement).id);
    const to = WAYS[event.key]?.(at, tabs.length);
    const tab = to === undefined ? undefined : tabs[to];
    if (!tab || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    onShow(tab.value);
    list.current?.querySelector<HTMLElement>(`#${idOf(tab.value)}`)?.focus();
  };
  const reached = tabs.some(({ value }) => value === shown) ? shown : tabs[0]?.value;
  return (
    <div role="tablist" ref={list} aria-label={label} className={className} onKeyDown={onKeyDown}>
      {tabs.map(({ value, label: name }) => (
        <button
          key={value}
          type="button"
          role="tab"
          id={idOf(value)}
          className={tabClassName}
          aria-selected={value === shown}
          aria-controls={value === shown ? panelOf(value) : undefined}
          tabIndex={value === reached ? 0 : -1}
          onClick={() => onShow(value)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

export interface TabPanelProps extends HTMLAttributes<HTMLDivElement> {
  readonly value: string;
  readonly children: ReactNode;
}

/** What one sees of the tab of this value. */
export function TabPanel({ value, ...rest }: TabPanelProps) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what may scroll has to be reached by keyboard
  return <div {...asPanel(value)} tabIndex={0} {...rest} />;
}

/** What makes an element the panel of the tab of this value. */
export function asPanel(value: string): HTMLAttributes<HTMLElement> {
  return { role: 'tabpanel', id: panelOf(value), 'aria-labelledby': idOf(value) };
}

const idOf = (value: string) => `tab-${value}`;
const panelOf = (value: string) => `panel-${value}`;
