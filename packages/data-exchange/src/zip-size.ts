import { open } from 'node:fs/promises';
import { fileUnreadable } from './errors.js';

/** Bytes that a workbook may come to when it is unpacked. */
const MOST_UNPACKED = 1_000_000_000;
/** How many times larger than the file: tables of figures pack well, but not like this. */
const MOST_TIMES = 200;

const END = 0x06054b50;
const ENTRY = 0x02014b50;

/**
 * Refuses a workbook that is a zip bomb before anything of it is unpacked, by the sizes in its directory (APPNOTE.TXT of PKWARE, 4.3.12
 * and 4.3.16). Throws FILE_UNREADABLE.
 */
export async function refuseBomb(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tail = await bytes(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
    const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (at < 0 || tail.readUInt32LE(at) !== END || at + 22 > tail.length)
      throw fileUnreadable('the workbook', 'it is no XLSX file');
    const directory = await bytes(file, tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 12));
    let unpacked = 0;
    for (let next = 0; next + 46 <= directory.length && directory.readUInt32LE(next) === ENTRY; ) {
      unpacked += directory.readUInt32LE(next + 24);
      next +=
        46 + directory.readUInt16LE(next + 28) + directory.readUInt16LE(next + 30) + directory.readUInt16LE(next + 32);
    }
    if (unpacked > MOST_UNPACKED || unpacked > Math.max(size, 100_000) * MOST_TIMES)
      throw fileUnreadable('the workbook', `unpacked it would have ${Math.round(unpacked / 1_048_576)} MB`);
  } finally {
    await file.close();
  }
}

async function bytes(file: Awaited<ReturnType<typeof open>>, from: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(Math.min(length, 50_000_000)),
    0,
    Math.min(length, 50_000_000),
    from,
  );
  return buffer.subarray(0, bytesRead);
}
