import { describe, expect, it } from 'vitest';
import { keepDraft, readDraft } from './drafts.js';

class Memory {
  readonly held = new Map<string, string>();
  getItem = (key: string): string | null => this.held.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.held.set(key, value);
  removeItem = (key: string): void => void this.held.delete(key);
}

describe('drafts', () => {
  it('keeps one for each contact', () => {
    const store = new Memory();
    keepDraft(store, 'a', { text: 'Good morning', note: false });
    keepDraft(store, 'b', { text: 'ask the fitter', note: true });
    expect(readDraft(store, 'a')).toEqual({ text: 'Good morning', note: false });
    expect(readDraft(store, 'b')).toEqual({ text: 'ask the fitter', note: true });
  });

  it('forgets an empty one', () => {
    const store = new Memory();
    keepDraft(store, 'a', { text: 'x', note: false });
    keepDraft(store, 'a', { text: '', note: false });
    expect(store.held.size).toBe(0);
  });

  it('is empty where what is stored cannot be read', () => {
    const store = new Memory();
    store.setItem('caruso.draft.a', '{broken');
    expect(readDraft(store, 'a')).toEqual({ text: '', note: false });
    store.setItem('caruso.draft.a', '{"text":7}');
    expect(readDraft(store, 'a')).toEqual({ text: '', note: false });
  });
});
