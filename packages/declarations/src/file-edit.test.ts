import { expect, it } from 'vitest';
import { changesEventsOnly } from './file-edit.js';

const manifest = `caruso: 1
components:
  erp: { use: ./services/erp.ts }
  hooks: { config: { hooks: { erp: { url: "http://erp.example", on: [Case.created] } } } }
`;

it('lets nothing of caruso.yaml change but the events that components wait for', () => {
  expect(changesEventsOnly(manifest, manifest.replace('Case.created', 'Ticket.created'))).toBe(true);
  expect(changesEventsOnly(manifest, manifest.replace('erp.example', 'evil.example'))).toBe(false);
  expect(changesEventsOnly(manifest, manifest.replace('./services/erp.ts', './services/evil.ts'))).toBe(false);
  expect(changesEventsOnly(manifest, manifest.replace('[Case.created]', '[Case.created, Case.updated]'))).toBe(false);
  expect(changesEventsOnly(manifest, `${manifest}  more: { use: ./more.ts }\n`)).toBe(false);
  expect(changesEventsOnly(manifest, null)).toBe(false);
  expect(changesEventsOnly(null, manifest)).toBe(false);
});
