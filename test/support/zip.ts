import { crc32 } from 'node:zlib';

/** What of a zip is read by its table at the end, as unpackers do; throws for what does not fit together. */
export interface ZipEntry {
  readonly content: Buffer;
  /** The year in which it was changed. */
  readonly year: number;
}

/** Reads a zip whose entries are not compressed. */
export function readZip(zip: Buffer): Record<string, ZipEntry> {
  const end = zip.length - 22;
  expectMark(zip, end, 0x06054b50);
  const entries: Record<string, ZipEntry> = {};
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    expectMark(zip, at, 0x02014b50);
    const [size, nameLength] = [zip.readUInt32LE(at + 24), zip.readUInt16LE(at + 28)];
    const local = zip.readUInt32LE(at + 42);
    expectMark(zip, local, 0x04034b50);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(from, from + size);
    if (crc32(content) !== zip.readUInt32LE(at + 16)) throw new Error('what is in it is not what its table says');
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    entries[name] = { content, year: 1980 + (zip.readUInt16LE(at + 14) >> 9) };
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  if (at !== end) throw new Error('its table is not whole');
  return entries;
}

function expectMark(zip: Buffer, at: number, mark: number): void {
  if (zip.readUInt32LE(at) !== mark) throw new Error(`there is no ${mark.toString(16)} at ${at}`);
}
