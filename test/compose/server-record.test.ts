import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecord, removeRecord, socketOf, writeRecord } from '../../src/compose/server-record.ts';
import { testDirectory } from '../support/directories.ts';

const RECORD = {
  pid: process.pid,
  version: '0.1.0',
  startedAt: '2026-01-01T00:00:00.000Z',
  address: 'http://127.0.0.1:7420',
  isBackground: true,
};

describe('the record of a server', () => {
  it('says who it is, to its owner alone', () => {
    const dataDir = testDirectory();
    writeRecord(dataDir, RECORD);
    expect(readRecord(dataDir)).toEqual(RECORD);
    expect(readdirSync(dataDir)).toEqual(['server.json']);
    expect(statSync(join(dataDir, 'server.json')).mode & 0o777).toBe(0o600);
    writeRecord(dataDir, { ...RECORD, isBackground: false });
    expect(readRecord(dataDir)?.isBackground).toBe(false);
  });

  it('is none where there is none, or none that can be read', () => {
    const dataDir = testDirectory();
    expect(readRecord(dataDir)).toBeUndefined();
    for (const text of ['', '{"pid": 1', '{"pid": 1}', JSON.stringify({ ...RECORD, pid: -1 })]) {
      writeFileSync(join(dataDir, 'server.json'), text);
      expect(readRecord(dataDir), text).toBeUndefined();
    }
  });

  it('is removed by the server that it is of, and by no other', () => {
    const dataDir = testDirectory();
    removeRecord(dataDir);
    const other = { ...RECORD, pid: process.pid + 1 };
    writeRecord(dataDir, other);
    removeRecord(dataDir);
    expect(readRecord(dataDir)).toEqual(other);
    writeRecord(dataDir, RECORD);
    removeRecord(dataDir);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('lies beside its socket', () => {
    expect(socketOf('/data')).toBe('/data/server.sock');
  });
});
