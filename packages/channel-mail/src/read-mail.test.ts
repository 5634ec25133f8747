import { describe, expect, it } from 'vitest';
import { readMail } from './read-mail.js';

const mail = (headers: string[], ...body: string[]): Buffer =>
  Buffer.from(['From: "Vera" <Vera@Example.org>', 'To: service@lumen.example', ...headers, '', ...body].join('\r\n'));

describe('readMail', () => {
  it('reads sender, subject, text and thread', async () => {
    const read = await readMail(
      mail(
        [
          'Subject: =?utf-8?q?Z=C3=A4hler?=',
          'Message-ID: <m1@example.org>',
          'In-Reply-To: <i1.x@lumen.example>',
          'References: <i0.y@lumen.example> <z@other>',
        ],
        'Good morning',
      ),
    );
    expect(read).toMatchObject({
      from: { address: 'vera@example.org', name: 'Vera' },
      to: ['service@lumen.example'],
      subject: 'Zähler',
      text: 'Good morning',
      messageId: '<m1@example.org>',
      references: ['<i1.x@lumen.example>', '<z@other>', '<i0.y@lumen.example>'],
      automatic: false,
      faults: [],
    });
  });

  it('makes plain text of HTML: no markup, no script; an image is its address', async () => {
    const html =
      '<style>p{}</style><script>alert(1)</script><p>Dear &lt;b&gt; <img src="http://track.example/x.png">sir</p>';
    const read = await readMail(mail(['Content-Type: text/html'], html));
    expect(read.text).toContain('Dear <b>');
    expect(read.text).toContain('sir');
    expect(read.text).not.toMatch(/script|alert|<p>|<img/);
  });

  it('lists attachments by name, type and size', async () => {
    const read = await readMail(
      mail(
        ['Content-Type: multipart/mixed; boundary=b'],
        '--b',
        '',
        'see the photo',
        '--b',
        'Content-Type: image/png; name="meter.png"',
        'Content-Disposition: attachment; filename="meter.png"',
        'Content-Transfer-Encoding: base64',
        '',
        'aGVsbG8=',
        '--b--',
        '',
      ),
    );
    expect(read.attachments).toEqual([{ name: 'meter.png', type: 'image/png', size: 5 }]);
    expect(read.text).toBe('see the photo');
  });

  it('reads what can be read of a mail with a broken part, and says what is broken', async () => {
    const read = await readMail(
      mail(
        ['Content-Type: multipart/mixed; boundary=b'],
        '--b',
        '',
        'the readable part',
        '--b',
        'Content-Transfer-Encoding: base64',
        '',
        '%%%',
      ),
    );
    expect(read.text).toContain('the readable part');
    expect(read.faults).toEqual([
      "the closing boundary '--b--' is missing",
      'part 2: its base64 holds characters that base64 has not',
    ]);
  });

  it.each([['Auto-Submitted: auto-replied'], ['Precedence: bulk']])('knows a machine by %s', async (header) => {
    expect((await readMail(mail([header], 'away'))).automatic).toBe(true);
  });

  it('gives the same identity to a mail delivered twice, another to one that only shares its id', async () => {
    const id = 'Message-ID: <same@example.org>';
    const first = await readMail(mail([id, 'Received: by a'], 'one'));
    const again = await readMail(mail([id, 'Received: by b'], 'one'));
    const other = await readMail(mail([id], 'two'));
    expect(again.identity).toBe(first.identity);
    expect(other.identity).not.toBe(first.identity);
  });

  it('keeps line breaks out of names and subjects', async () => {
    const read = await readMail(mail(['Subject: =?utf-8?q?a=0D=0ABcc:_x@example.org?='], 'x'));
    expect(read.subject).toBe('a Bcc: x@example.org');
  });
});
