import type { QuestionView } from '@caruso/script-engine/contract';
import { Fragment, type ReactElement } from 'react';

export type Runs = QuestionView['text'];

/** A text of a script; its runs are text and never markup. */
export function TextRuns({ runs }: { runs: Runs }): ReactElement {
  return (
    <>
      {runs.map(({ text, kind }, index) => {
        // Runs have no identity but their place.
        const key = `${kind} ${index}`;
        if (kind === 'break') return <br key={key} />;
        if (kind === 'em') return <em key={key}>{text}</em>;
        if (kind === 'value') return <strong key={key}>{text}</strong>;
        return <Fragment key={key}>{text}</Fragment>;
      })}
    </>
  );
}

/** The same as one plain text, for labels. */
export function plainText(runs: Runs): string {
  return runs.map(({ text, kind }) => (kind === 'break' ? ' ' : text)).join('');
}
