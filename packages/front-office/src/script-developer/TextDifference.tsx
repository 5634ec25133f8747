import { xml } from '@codemirror/lang-xml';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { type ReactElement, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

/** What changes from one text to another, line by line; what stays is folded. */
export function TextDifference({ before, after }: { before: string; after: string }): ReactElement {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const label = t('developer.difference');
  useEffect(() => {
    const view = new EditorView({
      doc: after,
      extensions: [
        lineNumbers(),
        xml(),
        EditorView.lineWrapping,
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: { margin: 3, minSize: 8 } }),
      ],
    });
    place.current?.append(view.dom);
    return () => view.destroy();
  }, [before, after, label]);
  return <div ref={place} className="script-difference" />;
}
