import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ApiClient } from './api.js';
import { makeFolder } from './front-office.js';

/** Files of leads, with duplicates among them, and their import over HTTP. */

const LEAD = `object: Lead
attributes:
  leadNo: { type: text, key: true, length: 20 }
  name: { type: text, required: true, normalise: name }
  email: { type: email, normalise: email }
  phone: { type: phone, normalise: phone }
  city: { type: text }
  note: { type: text }
duplicates:
  - same: [email]
  - perhaps: [name ~ 0.95, city]
rights:
  administrator: all
  supervisor: all
  agent: { read: "city <> 'Hidden'", hide: [note] }
`;

/** A utility with leads, that takes files of 20 MB. */
export function leadFolder(): string {
  const folder = makeFolder('utility', 'components:\n  exchange: { config: { limit: 20 } }\n');
  mkdirSync(path.join(folder, 'model'));
  writeFileSync(path.join(folder, 'model', 'lead.yaml'), LEAD);
  return folder;
}

const SYLLABLES = 'ba de fi go hu ja ke li mo nu pa re si to vu wa ze bri klo sta'.split(' ');

/** A word of three syllables, another one for each number below 8,000. */
function word(n: number): string {
  const letters = [n, Math.floor(n / 20), Math.floor(n / 400)].map((part) => SYLLABLES[part % 20]).join('');
  return letters.charAt(0).toUpperCase() + letters.slice(1);
}

/** Every twentieth is the one twelve lines before it, written otherwise. */
const twin = (n: number) => n % 20 === 19;

export function leads(rows: number): { file: string; twins: number; records: string[][] } {
  const records = Array.from({ length: rows }, (_, n) => {
    const m = twin(n) ? n - 12 : n;
    const email = `person${m}@${twin(n) ? 'EXAMPLE' : 'example'}.org`;
    const name = `${word(m)} ${word(m * 7919 + Math.floor(m / 8000))}`;
    return [`L${n}`, name, email, `+3120794${1000 + (m % 9000)}`, `City ${(m * 7919) % 997}`, ''];
  });
  const file = `leadNo,name,email,phone,city,note\n${records.map((record) => record.join(',')).join('\n')}\n`;
  return { file, twins: records.filter((_, n) => twin(n)).length, records };
}

export interface ImportStatus {
  import: string;
  state: string;
  rows: number;
  settled: number;
  counts: Record<string, number>;
}

export const sendLeads = (client: ApiClient, text: string, file = 'leads.csv') =>
  client.json<ImportStatus>('POST', `/api/imports/Lead?file=${file}`, text, { 'content-type': 'text/csv' });

/** The status as soon as it is as wanted, or the pass is over. */
export async function importUntil(
  client: ApiClient,
  id: string,
  wanted: (status: ImportStatus) => boolean = () => false,
): Promise<ImportStatus> {
  for (;;) {
    const status = await client.call<ImportStatus>('imports.status', { import: id });
    if (wanted(status) || !['reading', 'checking', 'running', 'undoing'].includes(status.state)) return status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
