import { closeSync, fchmodSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

const MAX_BYTES = 10 * 1024 * 1024;
/** With the one that is written. */
const MAX_FILES = 5;

export interface LogFileOptions {
  /** A file that has as much in it becomes `PATH.1`, and is written anew, in bytes (10 MiB). */
  readonly maxBytes?: number;
  /** As many are kept, with the one that is written (5). */
  readonly maxFiles?: number;
}

/**
 * A file for lines, readable for its owner alone, that is rotated when it is full. Each line is written at once, so that the
 * last ones before a death are there. A line that cannot be written is lost, and how many were is told with the next that can.
 */
export class LogFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #maxFiles: number;
  #file: number | undefined;
  #bytes = 0;
  #lost = 0;

  /** Throws when the file cannot be opened. */
  constructor(path: string, { maxBytes = MAX_BYTES, maxFiles = MAX_FILES }: LogFileOptions = {}) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#maxFiles = maxFiles;
    this.#open();
  }

  write(line: string): void {
    try {
      const bytes = Buffer.from(this.#lost > 0 ? this.#toldLost() + line : line);
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#maxBytes) this.#rotate();
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file ?? this.#open(), bytes, at);
      this.#bytes += bytes.length;
      this.#lost = 0;
    } catch {
      this.#lost++; // whoever serves goes on without a log
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(): number {
    this.#file = openSync(this.#path, 'a', 0o600);
    fchmodSync(this.#file, 0o600); // one that was there
    this.#bytes = fstatSync(this.#file).size;
    return this.#file;
  }

  #rotate(): void {
    this.close();
    for (let age = this.#maxFiles - 1; age > 0; age--) moveIfThere(this.#name(age - 1), this.#name(age));
    this.#open();
  }

  #toldLost(): string {
    const time = new Date().toISOString();
    return `${JSON.stringify({ level: 'warn', time, msg: `${this.#lost} lines could not be written` })}\n`;
  }

  #name(age: number): string {
    return age === 0 ? this.#path : `${this.#path}.${age}`;
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
