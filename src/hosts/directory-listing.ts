/** What a directory holds under a name. */
export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** In bytes; 0 for what is no file. */
  readonly size: number;
  readonly modifiedAt: Date;
}

export interface DirectoryListing {
  /** By their names. */
  readonly entries: readonly DirectoryEntry[];
  /** There are more than the limit. */
  readonly isPartial: boolean;
}
