import { createHash } from 'node:crypto';
import type { EmailAddress, ParsedMail } from 'mailparser';
import { mimeFaults } from './mime-check.js';

/** A mail as far as it could be read. */
export interface ReadMail {
  from: { address: string; name: string | null } | null;
  to: string[];
  subject: string;
  text: string;
  /** Recognises the same mail delivered twice; two mails that only share their Message-ID stay two. */
  identity: string;
  messageId: string | null;
  /** In-Reply-To first, then References from the last to the first. */
  references: string[];
  attachments: { name: string; type: string; size: number }[];
  /** Written by a machine: no machine must answer it. */
  automatic: boolean;
  /** What is broken in it. */
  faults: string[];
}

/** Longest text that becomes a message, characters; the mail itself is kept whole. */
const longestText = 200_000;
/** HTML beyond this is not turned into text, characters. */
const longestHtml = 2_000_000;

/**
 * Reads a mail: text (HTML becomes plain text), thread, attachments by name. Opens nothing that the mail names. Throws where not even
 * the headers can be read.
 */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const faults = mimeFaults(raw);
  // Loaded with the first mail: a front office should not wait for it at its start.
  const { simpleParser } = await import('mailparser');
  const mail = await simpleParser(raw, {
    maxHtmlLengthToParse: longestHtml,
    skipTextToHtml: true,
    skipImageLinks: true,
  });
  const [sender] = addresses(mail.replyTo?.value).concat(addresses(mail.from?.value));
  const text = (mail.text ?? '').replaceAll('\0', '').trim();
  const messageId = mail.messageId ?? null;
  const subject = oneLine(mail.subject ?? '');
  return {
    from: sender ?? null,
    to: addresses([mail.to ?? []].flat().flatMap((each) => each.value)).map((each) => each.address),
    subject,
    text: text.length > longestText ? `${text.slice(0, longestText)}\n…` : text,
    identity: `${messageId ?? ''}#${digest(messageId === null ? raw : `${subject}\n${text}`)}`.slice(0, 300),
    messageId,
    references: referencesOf(mail),
    attachments: mail.attachments.map((each) => ({
      name: oneLine(each.filename ?? 'without a name').slice(0, 200),
      type: each.contentType.slice(0, 100),
      size: each.size,
    })),
    automatic: isAutomatic(mail),
    faults,
  };
}

function addresses(found: readonly EmailAddress[] | undefined): { address: string; name: string | null }[] {
  return (found ?? []).flatMap(({ address, name }) => {
    const written = (address ?? '').trim().toLowerCase();
    if (!/^[^\s@<>]+@[^\s@<>]+$/.test(written) || written.length > 320) return [];
    return [{ address: written, name: oneLine(name).slice(0, 200) || null }];
  });
}

function referencesOf(mail: ParsedMail): string[] {
  const before = [mail.references ?? []].flat().reverse();
  return [...new Set([...(mail.inReplyTo === undefined ? [] : mail.inReplyTo.split(/\s+/)), ...before])].slice(0, 100);
}

/** RFC 3834, and the older habits. */
function isAutomatic(mail: ParsedMail): boolean {
  const header = (name: string): string => {
    const value = mail.headers.get(name);
    return typeof value === 'string' ? value.toLowerCase() : '';
  };
  const submitted = header('auto-submitted');
  if (submitted !== '' && submitted !== 'no') return true;
  return /^(bulk|junk|list|auto_reply)/.test(header('precedence')) || header('return-path') === '<>';
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}

function digest(text: Buffer | string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
