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
  desktop: {
    label: { en: 'Desktop', nl: 'Werkplek', de: 'Arbeitsplatz', fr: 'Poste de travail', it: 'Postazione' },
    icon: 'headset',
    method: 'communication.desktop',
  },
  monitor: {
    label: { en: 'Monitor', nl: 'Monitor', de: 'Monitor', fr: 'Supervision', it: 'Monitor' },
    icon: 'gauge',
    method: 'communication.snapshot',
  },
  reports: {
    label: { en: 'Reports', nl: 'Rapporten', de: 'Berichte', fr: 'Rapports', it: 'Report' },
    icon: 'report',
    method: 'reporting.reports',
  },
  reminders: {
    label: { en: 'Reminders', nl: 'Herinneringen', de: 'Erinnerungen', fr: 'Rappels', it: 'Promemoria' },
    icon: 'bell',
    method: 'reminders.mine',
  },
  telephone: {
    label: { en: 'Telephone', nl: 'Telefoon', de: 'Telefon', fr: 'Téléphone', it: 'Telefono' },
    icon: 'phone',
    method: 'simulated-telephone.calls',
  },
  kept: {
    label: { en: 'Kept', nl: 'Bewaard', de: 'Aufbewahrt', fr: 'Conservé', it: 'Trattenuti' },
    icon: 'inbox',
    method: 'communication.kept',
  },
  duplicates: {
    label: { en: 'Duplicates', nl: 'Dubbelen', de: 'Dubletten', fr: 'Doublons', it: 'Duplicati' },
    icon: 'copy',
    method: 'quality.dismiss',
  },
  imports: {
    label: { en: 'Imports', nl: 'Importeren', de: 'Importe', fr: 'Imports', it: 'Importazioni' },
    icon: 'upload',
    method: 'imports.list',
  },
  scripts: {
    label: { en: 'Scripts', nl: 'Scripts', de: 'Skripte', fr: 'Scripts', it: 'Script' },
    icon: 'script',
    method: 'script-developer.list',
  },
  model: {
    label: { en: 'Model', nl: 'Model', de: 'Modell', fr: 'Modèle', it: 'Modello' },
    icon: 'schema',
    method: 'modeler.apply',
  },
  policies: {
    label: { en: 'Policies', nl: 'Regels', de: 'Regeln', fr: 'Règles', it: 'Regole' },
    icon: 'policy',
    method: 'policies.list',
  },
  services: {
    label: { en: 'Services', nl: 'Services', de: 'Dienste', fr: 'Services', it: 'Servizi' },
    icon: 'services',
    method: 'services.tree',
  },
  journal: {
    label: { en: 'Journal', nl: 'Journaal', de: 'Journal', fr: 'Journal', it: 'Registro' },
    icon: 'list',
    method: 'services.tree',
  },
};
