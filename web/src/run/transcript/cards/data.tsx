import { asText } from '../row-text.ts';
import styles from './card.module.css';

/** What is longer is cut, in characters: a page cannot hold whatever a tool may give back. */
const MAX_TEXT = 20_000;

/** Data of which nobody knows the shape, as it came. */
export function Data({
  label,
  data,
  isBad = false,
}: {
  readonly label: string;
  readonly data: unknown;
  readonly isBad?: boolean;
}) {
  const text = asText(data);
  return (
    <section aria-label={label}>
      <p className={isBad ? styles.bad : styles.label}>{label}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <pre className={styles.data} tabIndex={0}>
        {text.slice(0, MAX_TEXT)}
        {text.length > MAX_TEXT && `\n… ${text.length - MAX_TEXT} more characters are in the export.`}
      </pre>
    </section>
  );
}
