import { expect, it } from 'vitest';
import { lineDifference } from './line-difference.js';

const shown = (before: string, after: string) =>
  lineDifference(before, after).map((line) =>
    line === null ? '…' : `${{ same: ' ', gone: '-', new: '+' }[line.kind]}${line.line} ${line.text}`,
  );

it('shows the lines that change, with those around them', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\n';
  expect(shown(before, before.replace('e\n', 'E\nE2\n'))).toEqual([
    '…',
    ' 3 c',
    ' 4 d',
    '-5 e',
    '+5 E',
    '+6 E2',
    ' 7 f',
    ' 8 g',
    '…',
  ]);
  expect(shown('', 'a\nb\n')).toEqual(['+1 a', '+2 b']);
  expect(shown('a\r\nb', 'b')).toEqual(['-1 a', ' 1 b']);
  expect(shown(before, before)).toEqual(['…']);
});
