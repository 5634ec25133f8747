import { constants } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const EXPORT = /^TARIEF.*\.CSV$/i;
/** Exports that are looked at, at most. */
const MOST = 50;

/** Which exports are there, each with a stamp that changes when the file does. */
export async function stampsIn(folder: string): Promise<[file: string, stamp: string][]> {
  const files = (await readdir(folder)).filter((name) => EXPORT.test(name)).toSorted();
  if (files.length > MOST) throw new Error(`there are ${files.length} exports, more than ${MOST}`);
  const found: [string, string][] = [];
  for (const file of files) {
    const { mtimeMs, size, ino } = await stat(join(folder, file));
    found.push([file, `${new Date(mtimeMs).toISOString()} ${size} ${ino}`]);
  }
  return found;
}

/** When the file with this stamp was written, ISO UTC. */
export function stampOf(stamp: string): string {
  return stamp.split(' ')[0] ?? stamp;
}

/**
 * Reads a file that may be anything by now: a pipe that nobody writes to, a folder, larger than the memory. What is moved in its place
 * meanwhile is not read into it: the file that was opened is read to its end. Throws.
 */
export async function readCalmly(folder: string, file: string, largest: number): Promise<Uint8Array> {
  // Without O_NONBLOCK, opening a pipe waits for its writer and holds one of the few threads that read files.
  const handle = await open(join(folder, file), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new Error('it is not a file');
    if (info.size > largest) throw new Error(`it has ${info.size} bytes, more than ${largest}`);
    const bytes = new Uint8Array(info.size);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
