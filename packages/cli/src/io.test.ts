import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { processIo } from './io.js';

/** A pipe whose reader has closed its end, as `head` does when it has read enough. */
async function pipeWithoutReader() {
  const reader = spawn(
    process.execPath,
    ['-e', 'fs.closeSync(0); console.log("closed"); setTimeout(() => {}, 60000)'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  await once(reader.stdout, 'data');
  return { pipe: reader.stdin, end: () => reader.kill() };
}

describe('the output of a command', () => {
  it('goes nowhere, quietly, once nobody reads it any more', async () => {
    const { pipe, end } = await pipeWithoutReader();
    try {
      const closed = new Promise((resolve) => pipe.on('close', resolve));
      const io = processIo(pipe, pipe);
      io.out('one');
      await closed;
      expect(() => io.out('two')).not.toThrow();
      expect(() => io.err('three')).not.toThrow();
      expect(pipe.errored).toMatchObject({ code: 'EPIPE' });
    } finally {
      end();
    }
  });

  it('does not hide that it could not be written', () => {
    const pipe = new PassThrough();
    processIo(pipe, pipe);
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    expect(() => pipe.emit('error', full)).toThrow(full);
  });
});
