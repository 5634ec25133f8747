import type { z } from 'zod';
import type { BuiltInView } from './contract.js';
import type { Text } from './text.js';

interface View {
  label: Text;
  icon: string;
  /** Who may call this may see the view. */
  method: string;
}

/** The built-in views, in the order in which they stand where nobody says otherwise. */
export const views: Readonly<Record<z.infer<typeof BuiltInView>, View>> = {
  desktop: { label: { en: 'Desktop', nl: 'Werkplek' }, icon: 'headset', method: 'communication.desktop' },
  monitor: { label: { en: 'Monitor', nl: 'Monitor' }, icon: 'gauge', method: 'communication.snapshot' },
  reports: { label: { en: 'Reports', nl: 'Rapporten' }, icon: 'report', method: 'reporting.reports' },
  reminders: { label: { en: 'Reminders', nl: 'Herinneringen' }, icon: 'bell', method: 'reminders.mine' },
  telephone: { label: { en: 'Telephone', nl: 'Telefoon' }, icon: 'phone', method: 'simulated-telephone.calls' },
  kept: { label: { en: 'Kept', nl: 'Bewaard' }, icon: 'inbox', method: 'communication.kept' },
  duplicates: { label: { en: 'Duplicates', nl: 'Dubbelen' }, icon: 'copy', method: 'quality.dismiss' },
  imports: { label: { en: 'Imports', nl: 'Importeren' }, icon: 'upload', method: 'imports.list' },
  scripts: { label: { en: 'Scripts', nl: 'Scripts' }, icon: 'script', method: 'script-developer.list' },
  model: { label: { en: 'Model', nl: 'Model' }, icon: 'schema', method: 'modeler.apply' },
  policies: { label: { en: 'Policies', nl: 'Regels' }, icon: 'policy', method: 'policies.list' },
  services: { label: { en: 'Services', nl: 'Services' }, icon: 'services', method: 'services.tree' },
  journal: { label: { en: 'Journal', nl: 'Journaal' }, icon: 'list', method: 'services.tree' },
};
