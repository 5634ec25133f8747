import type { Change, CompiledScript, Drawing, Edit, OutlineNode } from '@caruso/dialog-script';
import { drawingOf, outlineOf, planEdit, read, textAt } from '@caruso/dialog-script';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Places } from './graph-layout.js';
import { nodeAt } from './move-edit.js';
import { ScriptEditor } from './script-editor.js';
import { compileInstead, type Material } from './script-material.js';

/** What the work begins with. */
export interface Begun {
  text: string;
  positions: Places;
}

/** A script in work: the text, and all that is seen of it. */
export interface ScriptInWork {
  editor: ScriptEditor;
  text: string;
  compiled: CompiledScript;
  /** Of the last text that was well-formed. */
  outline: OutlineNode | undefined;
  drawing: Drawing | undefined;
  /** The text is not well-formed now: outline and graph are of before, and cannot be edited. */
  stale: boolean;
  selected: OutlineNode | undefined;
  select: (path: string) => void;
  /** Makes an edit; false where there is no place for it. */
  edit: (edit: Edit) => boolean;
  /** What a `say`, `title` or `note` says. */
  textAt: (path: string) => string;
  positions: Places;
  setPositions: (positions: Places) => void;
}

export function useScript(file: string, begun: Begun, material: Material): ScriptInWork {
  const { t } = useTranslation();
  const [editor] = useState(() => new ScriptEditor(begun.text, t('developer.text')));
  const text = useSyncExternalStore(editor.listen, () => editor.settled);
  const [path, select] = useState('/script');
  const [positions, setPositions] = useState(begun.positions);
  const compiled = useMemo(() => compileInstead(file, text, material), [file, text, material]);
  const { root } = compiled.document;
  const seen = useMemo(
    () => (root === undefined ? undefined : { outline: outlineOf(root, text), drawing: drawingOf(root, text) }),
    [root, text],
  );
  const [last, setLast] = useState(seen);
  if (seen !== undefined && seen !== last) setLast(seen);
  const { outline, drawing } = seen ?? last ?? {};
  useEffect(() => editor.tell(compiled.faults, { outline, material }), [editor, compiled, outline, material]);

  const edit = (wanted: Edit): boolean => {
    // What was typed a moment ago counts too.
    const document = read(editor.text, file);
    const change: Change | undefined = planEdit(document, wanted);
    if (change === undefined) return false;
    editor.apply(change.splices);
    if (wanted.kind === 'rename') {
      const before = outline === undefined ? undefined : nodeAt(outline, (node) => node.path === wanted.at)?.id;
      const { [before ?? '']: place, ...others } = positions;
      if (place !== undefined) setPositions({ ...others, [wanted.id]: place });
    }
    // What changed in an element leaves it where it is.
    if (wanted.kind === 'text' || wanted.kind === 'attribute') return true;
    const after = read(editor.text, file);
    const tree = after.root === undefined ? undefined : outlineOf(after.root, after.text);
    const touched = tree === undefined ? undefined : nodeAt(tree, ({ from }) => from === change.at);
    if (touched !== undefined) select(touched.path);
    return true;
  };
  const selected = outline === undefined ? undefined : (nodeAt(outline, (node) => node.path === path) ?? outline);
  return {
    editor,
    text,
    compiled,
    outline,
    drawing,
    stale: root === undefined,
    selected,
    select,
    edit,
    textAt: (at) => textAt(compiled.document, at),
    positions,
    setPositions,
  };
}
