import type { OpenedScript } from '@caruso/script-engine/contract';
import { useHotkeys } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../client/call.js';
import { refresh } from '../client/use-call.js';
import { sayDone, sayFault } from '../ui/say-fault.js';
import type { Begun, ScriptInWork } from './use-script.js';

/** What of a script in work is kept on the server: as a draft, and published. */
export interface Publication {
  /** What serves now, as far as it is known here. */
  published: { text: string; base: string | null };
  /** Something else was published since the draft was begun. */
  overtaken: boolean;
  /** Takes what was published meanwhile as what the draft changes. */
  goOn: () => void;
  /** There is something that the server does not have. */
  dirty: boolean;
  /** Keeps the text as a draft; false where that failed, which is told. */
  save: () => Promise<boolean>;
  /** Takes the draft away, if it is there. */
  discard: () => Promise<void>;
  /** The text was published. */
  done: (base: string | null) => void;
}

export function usePublication(opened: OpenedScript, begun: Begun, work: ScriptInWork): Publication {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { file, draft } = opened;
  const { editor, positions } = work;
  const present = { text: opened.text ?? '', base: opened.base };
  const [published, setPublished] = useState({ ...present, base: draft === null ? opened.base : draft.base });
  const [kept, setKept] = useState({ ...begun, hash: draft?.hash ?? null });
  const dirty = editor.written !== kept.text || positions !== kept.positions;
  const save = async (): Promise<boolean> => {
    const saved = { text: editor.written, positions };
    try {
      const asked = { file, ...saved, base: published.base, draft: kept.hash };
      const { hash } = await call('script-developer.saveDraft', asked);
      setKept({ ...saved, hash });
      sayDone(t('developer.draftSaved'));
      return true;
    } catch (error) {
      sayFault(error);
      return false;
    }
  };
  // What was typed is kept, wherever one goes.
  useBlocker({ shouldBlockFn: async () => dirty && !(await save()), enableBeforeUnload: dirty });
  useHotkeys([['mod+S', () => void save()]], []);
  return {
    published,
    overtaken: draft !== null && published.base !== present.base && published.text === present.text,
    goOn: () => setPublished(present),
    dirty,
    save,
    discard: async () => {
      if (kept.hash !== null) await call('script-developer.discardDraft', { file, draft: kept.hash });
    },
    done: (base) => {
      setPublished({ text: editor.written, base });
      setKept({ text: editor.written, positions, hash: null });
      void refresh(client, 'script-developer.publish');
    },
  };
}
