import { IconFileText } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../client/call.js';
import { type Navigation, screenPath } from './pages.js';
import type { PaletteEntry } from './palette-entry.js';

const shown = 6;

/** Records of all searchable objects that answer to a text. */
export function useSearchHits(navigation: Navigation, text: string): { hits: PaletteEntry[]; searching: boolean } {
  const navigate = useNavigate();
  const results = useQueries({
    queries: navigation.search.map(({ object }) => {
      const input = { object, search: text, limit: shown };
      return {
        queryKey: ['objects.find', input],
        queryFn: ({ signal }: { signal: AbortSignal }) => call('objects.find', input, signal),
        enabled: text.length > 1,
      };
    }),
  });
  const hits = results.flatMap(({ data }, index) => {
    const target = navigation.search[index];
    if (target === undefined || data === undefined) return [];
    return data.records.map(
      (record): PaletteEntry => ({
        id: `${record.object} ${record.key}`,
        label: record.display,
        hint: target.label,
        icon: IconFileText,
        run: () => void navigate({ to: screenPath(target.screen, record.key) }),
      }),
    );
  });
  return { hits, searching: results.some(({ isFetching }) => isFetching) };
}
