import { describe, expect, it } from 'vitest';
import { accentShades, contrast } from './accent.js';

describe('accentShades', () => {
  it.each(['#1f5f8b', '#ffd400', '#0f0', '#ffffff', '#000000'])('white text can be read on the accent %s', (accent) => {
    expect(contrast(accentShades(accent)[6], '#ffffff')).toBeGreaterThanOrEqual(4.5);
  });

  it('keeps a colour that is dark enough', () => {
    expect(accentShades('#1f5f8b')[6]).toBe('#1f5f8b');
  });

  it('gives the house colour for what is no colour', () => {
    expect(accentShades('red; background: url(x)')).toEqual(accentShades('#1f5f8b'));
  });

  it('runs from light to dark', () => {
    const onWhite = accentShades('#1f5f8b').map((shade) => contrast(shade, '#ffffff'));
    expect(onWhite).toEqual([...onWhite].sort((a, b) => a - b));
  });
});

describe('contrast', () => {
  it('is 21 between black and white', () => {
    expect(contrast('#000', '#fff')).toBeCloseTo(21, 5);
  });
});
