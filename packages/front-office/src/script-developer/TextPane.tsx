import { type ReactElement, useEffect, useRef } from 'react';
import type { ScriptEditor } from './script-editor.js';

/** Shows the text of a script; the editor lives on when it is not shown. */
export function TextPane({ editor }: { editor: ScriptEditor }): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.append(editor.view.dom);
    editor.view.requestMeasure();
    return () => editor.view.dom.remove();
  }, [editor]);
  return <div ref={place} className="script-text" />;
}
