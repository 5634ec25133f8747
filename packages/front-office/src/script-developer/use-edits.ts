import type { Edit } from '@caruso/dialog-script';
import { useHotkeys } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { sayDone } from '../ui/say-fault.js';
import { moveEdit, stepAround } from './move-edit.js';
import type { ScriptInWork } from './use-script.js';

/** What outline, graph and keys do to a script; where there is no place for it, that is told. */
export interface Edits {
  remove: (path: string | undefined) => void;
  move: (path: string | undefined, by: -1 | 1) => void;
  /** Behind the step that is chosen. */
  addStep: (element: string) => void;
  /** A way from one step to another, by their ids. */
  connect: (from: string, to: string) => void;
}

export function useEdits({ editor, outline, drawing, selected, edit }: ScriptInWork): Edits {
  const { t } = useTranslation();
  useHotkeys([
    ['mod+Z', () => editor.undo()],
    ['mod+shift+Z', () => editor.redo()],
    ['mod+Y', () => editor.redo()],
  ]);
  const make = (wanted: Edit | undefined): void => {
    if (wanted === undefined || !edit(wanted)) sayDone(t('developer.noPlace'));
  };
  return {
    remove: (at) => make(at === undefined ? undefined : { kind: 'remove', at }),
    move: (at, by) => make(at === undefined || outline === undefined ? undefined : moveEdit(outline, at, by)),
    addStep: (element) => {
      const step = stepAround(outline, selected?.path);
      const parent = step?.section ?? outline?.children.findLast(({ name }) => name === 'section')?.path;
      make(parent === undefined ? undefined : { kind: 'add', parent, element, before: step?.next });
    },
    connect: (from, to) => {
      const parent = drawing?.steps.find(({ id }) => id === from)?.path;
      // A `set` has no name that a way could lead to.
      const isNamed = drawing?.steps.some(({ id, kind }) => id === to && kind !== 'set') === true;
      make(parent === undefined || !isNamed ? undefined : { kind: 'add', parent, element: 'next', attributes: { to } });
    },
  };
}
