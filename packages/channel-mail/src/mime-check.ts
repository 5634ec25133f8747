/** Limits above anything a mail program writes; what lies beyond is named as a fault and not followed. */
const limits = { depth: 20, parts: 500, headerBytes: 256_000 } as const;

/**
 * What is broken in a mail, in words; empty for a sound one. Parsers repair silently and may lose a part in doing so, hence this look
 * of our own at the structure of RFC 5322 and RFC 2045 to 2046: headers, boundaries, transfer encodings.
 *
 * @example
 * mimeFaults(raw); // ["part 2: the closing boundary '--x--' is missing"]
 */
export function mimeFaults(raw: Buffer): string[] {
  // One character a byte: structure is ASCII whatever the text is written in.
  const faults: string[] = [];
  checkPart(raw.toString('latin1'), '', 0, { faults, parts: 0 });
  return faults;
}

interface State {
  faults: string[];
  parts: number;
}

function checkPart(text: string, at: string, depth: number, state: State): void {
  state.parts += 1;
  const say = (fault: string): void => {
    state.faults.push(at === '' ? fault : `part ${at}: ${fault}`);
  };
  if (depth > limits.depth || state.parts > limits.parts) {
    if (state.parts === limits.parts + 1 || depth > limits.depth) say('more parts or deeper ones than are read');
    return;
  }
  const { headers, body } = split(text);
  if (depth === 0 && Object.keys(headers).length === 0) say('there are no headers');
  if (text.length - body.length > limits.headerBytes) say('the headers are larger than are read');
  const type = headers['content-type'] ?? '';
  if (/^\s*multipart\//i.test(type)) checkMultipart(type, body, at, depth, { state, say });
  else checkEncoding(headers['content-transfer-encoding'], body, say);
}

function checkMultipart(
  type: string,
  body: string,
  at: string,
  depth: number,
  { state, say }: { state: State; say: (fault: string) => void },
): void {
  const boundary = /boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(type);
  const name = boundary?.[1] ?? boundary?.[2];
  if (name === undefined) return say('it has several parts and names no boundary');
  const lines = body.split(/\r?\n/);
  const parts: string[] = [];
  let part: string[] | undefined;
  let closed = false;
  for (const line of lines) {
    const mark = line.startsWith('--') ? line.trimEnd() : '';
    if (mark !== `--${name}` && mark !== `--${name}--`) {
      part?.push(line);
      continue;
    }
    if (part !== undefined) parts.push(part.join('\n'));
    part = [];
    if (mark.length > name.length + 2) {
      closed = true;
      part = undefined;
      break;
    }
  }
  if (part !== undefined) parts.push(part.join('\n'));
  if (parts.length === 0) return say(`the boundary '${name}' does not occur`);
  if (!closed) say(`the closing boundary '--${name}--' is missing`);
  parts.forEach((each, index) => {
    checkPart(each, at === '' ? String(index + 1) : `${at}.${index + 1}`, depth + 1, state);
  });
}

function checkEncoding(encoding: string | undefined, body: string, say: (fault: string) => void): void {
  const name = (encoding ?? '7bit').trim().toLowerCase();
  if (name === 'base64') {
    const content = body.replace(/\s+/g, '');
    const digits = content.replace(/=+$/, '');
    if (!/^[A-Za-z0-9+/]*$/.test(digits)) say('its base64 holds characters that base64 has not');
    else if (digits.length % 4 === 1) say('its base64 is cut off');
  } else if (name === 'quoted-printable') {
    if (/=(?![0-9A-Fa-f]{2}|\s*(?:\n|$))/.test(body)) say('its quoted-printable holds an escape that is none');
  } else if (!['7bit', '8bit', 'binary'].includes(name))
    say(`its transfer encoding '${name.slice(0, 40)}' is not known`);
}

function split(text: string): { headers: Record<string, string>; body: string } {
  const end = /\r?\n\r?\n/.exec(text);
  const startsEmpty = /^\r?\n/.exec(text);
  if (startsEmpty !== null) return { headers: {}, body: text.slice(startsEmpty[0].length) };
  const head = end === null ? text : text.slice(0, end.index);
  const body = end === null ? '' : text.slice(end.index + end[0].length);
  const headers: Record<string, string> = {};
  for (const line of head
    .slice(0, limits.headerBytes)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)) {
    const found = /^([!-9;-~]+):\s?(.*)$/.exec(line);
    if (found !== null) headers[(found[1] ?? '').toLowerCase()] ??= found[2] ?? '';
  }
  return { headers, body };
}
