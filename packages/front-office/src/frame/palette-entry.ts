import type { IconPoint } from '@tabler/icons-react';

/** One line of the command palette: a record to open or something to do. */
export interface PaletteEntry {
  id: string;
  label: string;
  hint: string;
  icon: typeof IconPoint;
  run: () => void;
}
