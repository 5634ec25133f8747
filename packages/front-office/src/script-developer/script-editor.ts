import type { Fault, OutlineNode, Splice } from '@caruso/dialog-script';
import { Positions } from '@caruso/dialog-script';
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  completionKeymap,
} from '@codemirror/autocomplete';
import {
  defaultKeymap,
  history,
  historyKeymap,
  isolateHistory,
  redo,
  redoDepth,
  undo,
  undoDepth,
} from '@codemirror/commands';
import { xml, xmlLanguage } from '@codemirror/lang-xml';
import {
  bracketMatching,
  foldGutter,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
  syntaxTree,
} from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { schemaWords, wordsFor } from './script-completion.js';
import type { Material } from './script-material.js';

const colours = HighlightStyle.define([
  { tag: tags.tagName, color: 'var(--caruso-busy)' },
  { tag: tags.attributeName, color: 'var(--caruso-waiting)' },
  { tag: tags.attributeValue, color: 'var(--caruso-ready)' },
  { tag: [tags.comment, tags.processingInstruction, tags.documentMeta], color: 'var(--mantine-color-dimmed)' },
]);

/** Milliseconds without typing after which the text is compiled. */
const rest = 150;

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--mantine-color-text)', backgroundColor: 'var(--caruso-surface)' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-gutters': { backgroundColor: 'var(--caruso-raised)', color: 'var(--mantine-color-dimmed)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--caruso-raised)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--caruso-surface)',
    border: '1px solid var(--caruso-line)',
    maxWidth: '420px',
  },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
});

/** What completion speaks of; what was last well-formed while the text is not. */
export interface Known {
  outline: OutlineNode | undefined;
  material: Material;
}

/**
 * The text of a script, the one truth of the tool: whatever is typed or drawn is a change of it, and all of them are on one stack of
 * undo. It lives without being shown.
 */
export class ScriptEditor {
  readonly view: EditorView;
  /** The text when it was last left alone for a moment: what is compiled and drawn. */
  settled: string;
  #known: Known | undefined;
  #timer: number | undefined;
  readonly #listeners = new Set<() => void>();
  /** A file whose lines end with CR LF is edited without, and given back as it was. */
  readonly #windows: boolean;

  constructor(text: string, label: string) {
    this.#windows = text.includes('\r\n') && !/(^|[^\r])\n/.test(text);
    const extensions: Extension[] = [
      // Other ends of lines stay in the text as they are.
      EditorState.lineSeparator.of('\n'),
      lineNumbers(),
      foldGutter(),
      history(),
      lintGutter(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      xml(schemaWords()),
      xmlLanguage.data.of({ autocomplete: (context: CompletionContext) => completed(context, this.#known) }),
      autocompletion(),
      syntaxHighlighting(colours),
      theme,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      // Tab leads out of the text, for those who work without a mouse.
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...completionKeymap, ...lintKeymap]),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        window.clearTimeout(this.#timer);
        this.#timer = window.setTimeout(() => this.#settle(), rest);
      }),
    ];
    this.view = new EditorView({
      state: EditorState.create({ doc: this.#windows ? text.replaceAll('\r\n', '\n') : text, extensions }),
    });
    this.settled = this.text;
  }

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #settle(): void {
    window.clearTimeout(this.#timer);
    this.settled = this.text;
    for (const listener of this.#listeners) listener();
  }

  /** As the tool works with it. */
  get text(): string {
    return this.view.state.doc.toString();
  }

  /** As it is written to a file. */
  get written(): string {
    return this.#windows ? this.text.replaceAll('\n', '\r\n') : this.text;
  }

  get undoable(): boolean {
    return undoDepth(this.view.state) > 0;
  }

  get redoable(): boolean {
    return redoDepth(this.view.state) > 0;
  }

  apply(splices: readonly Splice[]): void {
    // An edit of its own on the stack, whatever was done right before it.
    this.view.dispatch({ changes: [...splices], annotations: isolateHistory.of('full') });
    this.#settle();
  }

  undo(): void {
    undo(this.view);
    this.#settle();
  }

  redo(): void {
    redo(this.view);
    this.#settle();
  }

  /** Shows the faults of the text, and completes with what is known now. */
  tell(faults: readonly Fault[], known: Known): void {
    this.#known = known;
    const { text } = this;
    const positions = new Positions(text);
    const diagnostics = faults.map(({ line, column, message, remedy, code, severity }) => {
      const from = Math.min(positions.offsetOf(line, 1) + column - 1, text.length);
      const to = from + (/^[\w.:-]+/.exec(text.slice(from, from + 200))?.[0].length ?? 0);
      return { from, to, severity, message: `${message} (${remedy})`, source: code };
    });
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics));
  }

  /** Puts the cursor there, and the focus. */
  show(offset: number): void {
    const anchor = Math.min(offset, this.view.state.doc.length);
    this.view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    this.view.focus();
  }
}

function completed({ state, pos, explicit }: CompletionContext, known: Known | undefined): CompletionResult | null {
  const value = syntaxTree(state).resolveInner(pos, -1);
  if (value.name !== 'AttributeValue' || known?.outline === undefined) return null;
  const name = value.parent?.getChild('AttributeName');
  const tag = value.parent?.parent;
  const tagName = tag?.getChild('TagName');
  if (!name || !tag || !tagName) return null;
  const said = (from: number, to: number) => state.sliceDoc(from, to);
  const attributes = new Map(
    tag.getChildren('Attribute').map((attribute) => {
      const [key, text] = [attribute.getChild('AttributeName'), attribute.getChild('AttributeValue')];
      return [key === null ? '' : said(key.from, key.to), text === null ? '' : said(text.from + 1, text.to - 1)];
    }),
  );
  const element = { name: said(tagName.from, tagName.to), attributes };
  const typed = said(value.from + 1, pos);
  const { words, from } = wordsFor(element, said(name.from, name.to), typed, known.outline, known.material);
  // Nothing is offered where nothing was begun, unless it is asked for.
  if (words.length === 0 || (!explicit && from === typed.length && !typed.endsWith('.'))) return null;
  const options = words.map((word) => ({ ...word, type: 'variable' }));
  return { from: value.from + 1 + from, options, validFor: /^[\w-]*$/ };
}
