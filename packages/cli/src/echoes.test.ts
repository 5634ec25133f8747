import { type Fault, folderOf } from '@caruso/declarations';
import { describe, expect, it } from 'vitest';
import { withoutEchoes } from './echoes.js';

const fault = (file: string, code: string, message: string): Fault => ({
  file,
  line: 1,
  column: 1,
  code,
  message,
  remedy: '',
  severity: 'error',
});

describe('withoutEchoes', () => {
  const folder = folderOf({ 'model/card.yaml': 'object: Card\n', 'model/client.yaml': 'object: Client\n' });
  const own = fault('model/card.yaml', 'DECLARATION_INVALID', 'bad type');
  const echo = fault('policies/p.yaml', 'POLICY_EVENT_UNKNOWN', "the object 'Card' does not exist");
  const other = fault('policies/p.yaml', 'POLICY_EVENT_UNKNOWN', "the object 'Cart' does not exist");

  it('keeps what is wrong with an object and leaves out that others miss it', () => {
    expect(withoutEchoes([own, echo, other], folder)).toEqual([own, other]);
    expect(withoutEchoes([echo, other], folder)).toEqual([echo, other]);
  });

  it('keeps the exact places of a faulty configuration only', () => {
    const exact = fault('caruso.yaml', 'DECLARATION_MISSING', 'missing');
    const whole = fault('caruso.yaml', 'COMPONENT_CONFIG_INVALID', 'all of it');
    expect(withoutEchoes([exact, whole], folder)).toEqual([exact]);
    expect(withoutEchoes([whole], folder)).toEqual([whole]);
  });
});
