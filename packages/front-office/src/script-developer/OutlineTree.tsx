import type { OutlineNode } from '@caruso/dialog-script';
import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  outline: OutlineNode;
  selected: string | undefined;
  onSelect: (path: string) => void;
  /** What was chosen is to be edited. */
  onOpen: () => void;
  onRemove: (path: string) => void;
  onMove: (path: string, by: -1 | 1) => void;
}

/** Deeper elements are closed at first. */
const openDepth = 2;

/** The script as a tree, for the keyboard alone: arrows go and open, Enter edits, Delete removes, Alt and arrows move. */
export function OutlineTree({ outline, selected, onSelect, onOpen, onRemove, onMove }: Props): ReactElement {
  const { t } = useTranslation();
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const tree = useRef<HTMLDivElement>(null);
  const rows = rowsOf(outline, turned, selected);
  const index = Math.max(
    0,
    rows.findIndex(({ node }) => node.path === selected),
  );
  const focused = useRef(false);
  useEffect(() => {
    if (selected === undefined) return;
    const row = tree.current?.querySelector<HTMLElement>('[aria-selected=true]');
    row?.scrollIntoView({ block: 'nearest' });
    if (focused.current) row?.focus({ preventScroll: true });
  }, [selected]);
  const turn = (path: string): void =>
    setTurned((all) => new Set(all.has(path) ? [...all].filter((each) => each !== path) : [...all, path]));
  const go = (to: number): void => {
    const row = rows[Math.min(Math.max(to, 0), rows.length - 1)];
    if (row !== undefined) onSelect(row.node.path);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[index];
    if (row === undefined) return;
    const { node, open, parent } = row;
    const act = keyAct(event, {
      up: () => go(index - 1),
      down: () => go(index + 1),
      home: () => go(0),
      end: () => go(rows.length - 1),
      right: () => (node.children.length > 0 && !open ? turn(node.path) : go(index + (open ? 1 : 0))),
      left: () => (open && node.children.length > 0 ? turn(node.path) : parent !== undefined && onSelect(parent)),
      enter: onOpen,
      remove: () => onRemove(node.path),
      before: () => onMove(node.path, -1),
      after: () => onMove(node.path, 1),
    });
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return (
    <div
      ref={tree}
      role="tree"
      aria-label={t('developer.outline')}
      className="outline"
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onFocus={() => {
        focused.current = true;
      }}
      onBlur={(event) => {
        focused.current = event.currentTarget.contains(event.relatedTarget);
      }}
    >
      {rows.map(({ node, depth, open }, at) => (
        // The tree itself listens for keys.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
        <div
          key={node.path}
          role="treeitem"
          aria-level={depth + 1}
          aria-selected={at === index}
          {...(node.children.length > 0 ? { 'aria-expanded': open } : {})}
          tabIndex={at === index ? 0 : -1}
          className="outline-row"
          style={{ paddingLeft: 6 + depth * 14 }}
          onClick={() => onSelect(node.path)}
          onDoubleClick={() => turn(node.path)}
        >
          <span className="outline-turn" aria-hidden onClick={() => turn(node.path)}>
            {node.children.length === 0 ? '' : open ? '▾' : '▸'}
          </span>
          <span className="outline-name">{node.name}</span>
          {node.id !== undefined && <b>{node.id}</b>}
          <span className="outline-label">{node.label}</span>
        </div>
      ))}
    </div>
  );
}

type Keys = Record<
  'up' | 'down' | 'left' | 'right' | 'home' | 'end' | 'enter' | 'remove' | 'before' | 'after',
  () => unknown
>;

function keyAct({ key, altKey, ctrlKey, metaKey }: KeyboardEvent, keys: Keys): (() => unknown) | undefined {
  if (ctrlKey || metaKey) return undefined;
  if (altKey) return key === 'ArrowUp' ? keys.before : key === 'ArrowDown' ? keys.after : undefined;
  const acts: Record<string, () => unknown> = {
    ArrowUp: keys.up,
    ArrowDown: keys.down,
    ArrowLeft: keys.left,
    ArrowRight: keys.right,
    Home: keys.home,
    End: keys.end,
    Enter: keys.enter,
    Delete: keys.remove,
  };
  return acts[key];
}

interface Row {
  node: OutlineNode;
  depth: number;
  open: boolean;
  parent: string | undefined;
}

function rowsOf(outline: OutlineNode, turned: ReadonlySet<string>, selected: string | undefined): Row[] {
  const rows: Row[] = [];
  const add = (node: OutlineNode, depth: number, parent: string | undefined): void => {
    // What is selected is seen.
    const above = selected?.startsWith(`${node.path}/`) === true;
    const open = above || depth < openDepth !== turned.has(node.path);
    rows.push({ node, depth, open, parent });
    if (open) for (const child of node.children) add(child, depth + 1, node.path);
  };
  add(outline, 0, undefined);
  return rows;
}
