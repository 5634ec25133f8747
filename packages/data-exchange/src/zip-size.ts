import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { fileUnreadable } from './errors.js';

/** Bytes that a workbook may come to when it is unpacked. */
const MOST_UNPACKED = 1_000_000_000;
/** How many times larger than the file: tables of figures pack well, but not like this. */
const MOST_TIMES = 200;
/** Parts of a workbook: sheets, styles, pictures. */
const MOST_ENTRIES = 10_000;

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const DEFLATED = 8;
/** Bytes of a local header without names. */
const HEADER = 30;
/** Bytes that may lie between two parts: a data descriptor, never a part. */
const GAP = 24;

interface Entry {
  method: number;
  packed: number;
  /** What the directory says; what comes out may be more. */
  unpacked: number;
  /** Of its local header. */
  offset: number;
}

/**
 * Refuses a workbook that is a zip bomb, first by the sizes in its directory, then by unpacking it into nothing: a directory may lie
 * (APPNOTE.TXT of PKWARE, 4.3.7, 4.3.12 and 4.3.16). Throws FILE_UNREADABLE.
 */
export async function refuseBomb(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const most = Math.min(MOST_UNPACKED, Math.max(size, 100_000) * MOST_TIMES);
    const entries = await directory(file, size);
    const told = entries.reduce((sum, { unpacked }) => sum + unpacked, 0);
    if (told > most) throw fileUnreadable('the workbook', `unpacked it would have ${Math.round(told / 1_048_576)} MB`);
    let left = most;
    let end = 0;
    for (const { method, packed, offset } of entries) {
      const header = await bytes(file, offset, HEADER);
      // Whoever reads the file from its beginning would find what the directory is silent about.
      if (offset < end || offset - end > GAP || header.length < HEADER)
        throw damaged('its parts are not where it says');
      const start = offset + HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
      end = start + packed;
      if (method === DEFLATED && packed > 0) left -= await inflatedSize(path, start, end - 1, left);
    }
  } finally {
    await file.close();
  }
}

async function directory(file: FileHandle, size: number): Promise<Entry[]> {
  const tail = await bytes(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (at < 0 || at + 22 > tail.length || tail.readUInt32LE(at) !== END)
    throw fileUnreadable('the workbook', 'it is no XLSX file');
  const list = await bytes(file, tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 12));
  const entries: Entry[] = [];
  for (let next = 0; next + 46 <= list.length && list.readUInt32LE(next) === ENTRY; ) {
    entries.push({
      method: list.readUInt16LE(next + 10),
      packed: list.readUInt32LE(next + 20),
      unpacked: list.readUInt32LE(next + 24),
      offset: list.readUInt32LE(next + 42),
    });
    if (entries.length > MOST_ENTRIES) throw fileUnreadable('the workbook', `it has more than ${MOST_ENTRIES} parts`);
    next += 46 + list.readUInt16LE(next + 28) + list.readUInt16LE(next + 30) + list.readUInt16LE(next + 32);
  }
  return entries.sort((a, b) => a.offset - b.offset);
}

function damaged(reason: string): Error {
  return fileUnreadable('the workbook', `it is damaged (${reason})`);
}

/** Bytes that a part comes to. Throws FILE_UNREADABLE as soon as there are more than `most`. */
async function inflatedSize(path: string, start: number, end: number, most: number): Promise<number> {
  const inflate = createInflateRaw();
  const source = createReadStream(path, { start, end });
  source.on('error', (error) => inflate.destroy(error));
  source.pipe(inflate);
  let size = 0;
  try {
    for await (const chunk of inflate) {
      size += (chunk as Buffer).length;
      if (size > most)
        throw fileUnreadable('the workbook', `unpacked it has more than ${Math.round(most / 1_048_576)} MB`);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) throw damaged(error.message);
    throw error;
  } finally {
    source.destroy();
  }
  return size;
}

async function bytes(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const size = Math.min(length, 50_000_000);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, from);
  return buffer.subarray(0, bytesRead);
}
