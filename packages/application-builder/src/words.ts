import type { Text } from './text.js';

/** What the house itself calls things on screens; a declaration's own label takes precedence. */
export const words = {
  timeline: { en: 'Contacts', nl: 'Contacten' },
  history: { en: 'History', nl: 'Geschiedenis' },
  notes: { en: 'Notes', nl: 'Notities' },
  attachments: { en: 'Files', nl: 'Bestanden' },
  details: { en: 'Details', nl: 'Gegevens' },
  chat: { en: 'Chat with us', nl: 'Chat met ons' },
  greeting: { en: 'How can we help?', nl: 'Waarmee kunnen we helpen?' },
  newOne: { en: 'New', nl: 'Nieuw' },
} satisfies Record<string, Text>;

/** `sendCopy` and `customer-360` as a person reads them: "Send copy", "Customer 360". */
export function humanise(name: string): string {
  const text = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_.]+/g, ' ')
    .trim()
    .toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `OrderDetail` as names of screens are written: "order-detail". */
export function kebab(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();
}
