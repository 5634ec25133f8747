import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Puts a text in the place of a file as a whole, so that nobody ever reads half of one. */
export function replaceFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, text, existsSync(file) ? { mode: statSync(file).mode } : {});
  renameSync(`${file}.part`, file);
}
