import styles from './meter.module.css';

export interface MeterProps {
  /** Between 0 and 1. */
  readonly share: number;
  /** What it says in words: `24,000 of 190,000 tokens`. */
  readonly label: string;
}

/** How much of something is used, in a small bar. */
export function Meter({ share, label }: MeterProps) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <span className={styles.meter} role="img" aria-label={label} title={label} data-full={percent >= 85 || undefined}>
      <span style={{ width: `${percent}%` }} />
    </span>
  );
}
