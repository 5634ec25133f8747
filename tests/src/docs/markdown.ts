/** A fenced block of a document. */
export interface Block {
  /** Path from the root of the repository. */
  document: string;
  /** Line of its first line of content, from 1. */
  line: number;
  language: string;
  /** What follows the language. */
  info: string;
  text: string;
}

/** A link that leads to a file of the repository. */
interface Link {
  line: number;
  target: string;
}

const fence = /^(\s*)(`{3,}|~{3,})\s*(\S*)\s*(.*)$/;

/** Every fenced block; one that is not closed ends with the document. */
export function blocksOf(document: string, text: string): Block[] {
  const blocks: Block[] = [];
  let open: { block: Block; mark: string; indent: string; lines: string[] } | undefined;
  text.split('\n').forEach((line, index) => {
    const [, indent = '', mark = '', language = '', info = ''] = fence.exec(line) ?? [];
    if (open === undefined) {
      if (mark === '') return;
      open = { block: { document, line: index + 2, language, info: info.trim(), text: '' }, mark, indent, lines: [] };
    } else if (mark.startsWith(open.mark) && language === '') {
      blocks.push(closed(open));
      open = undefined;
    } else open.lines.push(line);
  });
  if (open !== undefined) blocks.push(closed(open));
  return blocks;
}

function closed({ block, indent, lines }: { block: Block; indent: string; lines: readonly string[] }): Block {
  // Within a list a block stands as far in as its fence.
  const text = lines.map((line) => `${line.startsWith(indent) ? line.slice(indent.length) : line}\n`).join('');
  return { ...block, text };
}

/** The document without what stands in blocks, line by line. */
function prose(text: string): string[] {
  let mark: string | undefined;
  return text.split('\n').map((line) => {
    const found = fence.exec(line)?.[2];
    if (found === undefined) return mark === undefined ? line : '';
    if (mark === undefined) mark = found;
    else if (found.startsWith(mark)) mark = undefined;
    return '';
  });
}

/** Links that name no protocol. */
export function relativeLinks(text: string): Link[] {
  return prose(text).flatMap((line, index) =>
    [...line.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^()\s]+)\)/g)].flatMap(([, target = '']) =>
      /^[a-z]+:/.test(target) ? [] : [{ line: index + 1, target }],
    ),
  );
}

/** Names under which headings can be linked to. */
export function anchors(text: string): Set<string> {
  return new Set(
    prose(text).flatMap((line) => {
      const heading = /^#{1,6}\s+(.*)$/.exec(line)?.[1];
      if (heading === undefined) return [];
      const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
      return [
        plain
          .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
          .trim()
          .replaceAll(/\s/g, '-'),
      ];
    }),
  );
}

/** Texts in backquotes, with their lines. */
export function codeWords(text: string): Link[] {
  return prose(text).flatMap((line, index) =>
    [...line.matchAll(/`([^`]+)`/g)].map(([, target = '']) => ({ line: index + 1, target })),
  );
}
