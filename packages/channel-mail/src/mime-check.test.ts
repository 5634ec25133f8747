import fc from 'fast-check';
import { createTransport } from 'nodemailer';
import { describe, expect, it } from 'vitest';
import { mimeFaults } from './mime-check.js';

const crlf = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));

describe('mimeFaults', () => {
  it('finds nothing in what a mail program writes, whatever the content', async () => {
    const composer = createTransport({ streamTransport: true, buffer: true });
    const content = fc.record({
      subject: fc.string({ maxLength: 80 }),
      text: fc.string({ maxLength: 500, unit: 'binary' }),
      html: fc.option(fc.string({ maxLength: 200 }), { nil: '' }),
      attachment: fc.uint8Array({ maxLength: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(content, async ({ attachment, ...mail }) => {
        const attachments = attachment.length === 0 ? [] : [{ filename: 'a.bin', content: Buffer.from(attachment) }];
        const sent = await composer.sendMail({ from: 'a@example.org', to: 'b@example.org', ...mail, attachments });
        expect(mimeFaults(sent.message as Buffer)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['no headers', crlf('', 'hello'), 'there are no headers'],
    ['no boundary', crlf('Content-Type: multipart/mixed', '', 'x'), 'it has several parts and names no boundary'],
    [
      'a boundary that never comes',
      crlf('Content-Type: multipart/mixed; boundary=b', '', 'x'),
      "the boundary 'b' does not occur",
    ],
    [
      'no closing boundary',
      crlf('Content-Type: multipart/mixed; boundary="b"', '', '--b', 'Content-Type: text/plain', '', 'x'),
      "the closing boundary '--b--' is missing",
    ],
    [
      'base64 that is none',
      crlf(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        '',
        'ok',
        '--b',
        'Content-Transfer-Encoding: base64',
        '',
        '!!!',
        '--b--',
      ),
      'part 2: its base64 holds characters that base64 has not',
    ],
    ['cut base64', crlf('Content-Transfer-Encoding: base64', '', 'aGVsb'), 'its base64 is cut off'],
    [
      'an unknown encoding',
      crlf('Content-Transfer-Encoding: morse', '', '...'),
      "its transfer encoding 'morse' is not known",
    ],
    [
      'a false escape',
      crlf('Content-Transfer-Encoding: quoted-printable', '', 'a=ZZ'),
      'its quoted-printable holds an escape that is none',
    ],
  ])('names %s', (_, raw, fault) => {
    expect(mimeFaults(raw)).toEqual([fault]);
  });

  it('takes any bytes without failing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(Array.isArray(mimeFaults(Buffer.from(bytes)))).toBe(true);
      }),
    );
  });

  it('does not follow nesting without end', () => {
    let raw = 'x';
    for (let level = 0; level < 200; level += 1) {
      raw = `Content-Type: multipart/mixed; boundary=b${level}\n\n--b${level}\n${raw}\n--b${level}--\n`;
    }
    expect(mimeFaults(Buffer.from(raw)).some((fault) => fault.includes('deeper ones than are read'))).toBe(true);
  });
});
