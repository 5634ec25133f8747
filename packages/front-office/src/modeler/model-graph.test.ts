import type { ModelerObject } from '@caruso/modeler/contract';
import { expect, it } from 'vitest';
import { BOX_WIDTH, drawing } from './model-graph.js';

const object = (name: string, references: Record<string, string>): ModelerObject => ({
  name,
  label: name,
  file: `model/${name}.yaml`,
  at: { file: '', line: 1, column: 1 },
  inherited: false,
  database: 'main',
  managed: true,
  writtenBy: null,
  attributes: Object.entries(references).map(([attribute, to]) => ({
    name: attribute,
    body: { to },
    at: { file: '', line: 1, column: 1 },
    inherited: false,
  })),
  relations: [],
  rights: {},
  rest: {},
});

it('puts who refers to another to its left, draws each reference, and lets no box lie over another', () => {
  const objects = [
    object('Case', { customer: 'Customer', parent: 'Case' }),
    object('Customer', { by: 'Gone' }),
    object('Visit', { of: 'Case' }),
  ];
  const { boxes, lines } = drawing(objects);
  expect(lines.map(({ id, to }) => [id, to])).toEqual([
    ['Case.customer', 'Customer'],
    ['Case.parent', 'Case'],
    ['Visit.of', 'Case'],
  ]);
  const at = (name: string) => boxes.find((box) => box.object.name === name)?.x ?? Number.NaN;
  expect(at('Visit') + BOX_WIDTH).toBeLessThan(at('Case'));
  expect(at('Case') + BOX_WIDTH).toBeLessThan(at('Customer'));
});

it('draws a many-to-many relation once, whichever sides say it', () => {
  const related = (name: string, relations: Record<string, Record<string, string | boolean>>): ModelerObject => ({
    ...object(name, {}),
    relations: Object.entries(relations).map(([relation, body]) => ({
      name: relation,
      body,
      at: { file: '', line: 1, column: 1 },
      inherited: false,
    })),
  });
  const { lines } = drawing([
    related('Article', {
      topics: { many: 'Topic', table: true },
      labels: { many: 'Label', through: 'Labelling' },
      visits: { many: 'Topic', by: 'article' },
      gone: { many: 'Gone', table: true },
    }),
    related('Topic', { articles: { many: 'Article', inverse: 'topics' } }),
    related('Label', { articles: { many: 'Article', through: 'Labelling' } }),
  ]);
  expect(lines.map(({ id, to, many }) => [id, to, many])).toEqual([
    ['Article.topics', 'Topic', true],
    ['Article.labels', 'Label', true],
  ]);
});
