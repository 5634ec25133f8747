import './text-difference.css';
import { type ReactElement, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { lineDifference } from './line-difference.js';

const ELEMENTS = { same: 'span', gone: 'del', new: 'ins' } as const;

/** What changes in a file, line by line. */
export function TextDifference({ name, before, after }: { name: string; before: string; after: string }): ReactElement {
  const { t } = useTranslation();
  const lines = useMemo(() => lineDifference(before, after), [before, after]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by keyboard
    <section className="text-difference" aria-label={t('common.differenceOf', { name })} tabIndex={0}>
      {lines.map((line, index) => {
        if (line === null) return <div key={`${index} left`}>⋯</div>;
        const Element = ELEMENTS[line.kind];
        return (
          <div key={`${line.kind} ${line.line}`} data-kind={line.kind}>
            <span className="text-line-number">{line.line}</span>
            <Element>{line.text || ' '}</Element>
          </div>
        );
      })}
    </section>
  );
}
