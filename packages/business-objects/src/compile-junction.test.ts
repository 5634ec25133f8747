import { folderOf } from '@caruso/declarations';
import { describe, expect, it } from 'vitest';
import { compileModel } from './compile-model.js';

describe('a many-to-many relation that does not hold together', () => {
  const faults = (relation: string, others: Record<string, string> = {}) => {
    const texts = {
      'model/person.yaml': `object: Person\nattributes: { id: { type: text, key: true } }\nrelations:\n  friends: ${relation}\n`,
      'model/club.yaml': 'object: Club\nattributes: { id: { type: text, key: true } }\n',
      'model/friendship.yaml':
        'object: Friendship\nattributes: { a: { to: Person, key: true }, b: { to: Person, key: true }, met: date }\n',
      'model/membership.yaml':
        'object: Membership\nattributes: { id: { type: text, key: generated }, person: { to: Person } }\n',
      ...others,
    };
    return compileModel(folderOf(texts).sources('model'), { databases: { main: { managed: true } } }).faults.map(
      ({ file, line, column, code, message, remedy }) => `${file}:${line}:${column} ${code} ${message} (${remedy})`,
    );
  };

  it('is told with its place, cause and remedy', () => {
    expect(faults('{ many: Person, through: Friendship, from: a, to: b }')).toEqual([]);
    expect(faults('{ many: Person, through: Friendship, from: a }')).toEqual([]);
    expect(faults('{ many: Club, table: true }')).toEqual([]);
    expect(faults('{ many: Person, table: true }')).toEqual([]);
    expect({
      none: faults('{ many: Person }'),
      both: faults('{ many: Person, by: x, through: Friendship }'),
      unknown: faults('{ many: Person, through: Frendship }'),
      lacking: faults('{ many: Club, through: Membership }'),
      one: faults('{ many: Person, through: Membership }'),
      ambiguous: faults('{ many: Person, through: Friendship }'),
      misnamed: faults('{ many: Person, through: Friendship, from: a, to: c }'),
      stray: faults('{ many: Person, through: Friendship, from: a, database: main }'),
      database: faults('{ many: Club, table: true, database: mian }'),
      columns: faults('{ many: Club, table: true, from: [a, b] }'),
      same: faults('{ many: Club, table: true, from: a, to: a }'),
      taken: faults('{ many: Club, table: membership }'),
      inverse: faults('{ many: Club, inverse: members }'),
      direct: faults('{ many: Club, inverse: members }', {
        'model/club.yaml':
          'object: Club\nattributes: { id: { type: text, key: true } }\nrelations: { members: { many: Person, inverse: friends } }\n',
      }),
      twice: faults('{ many: Club, table: links }', {
        'model/club.yaml':
          'object: Club\nattributes: { id: { type: text, key: true } }\nrelations: { members: { many: Person, table: links } }\n',
      }),
    }).toMatchInlineSnapshot(`
      {
        "ambiguous": [
          "model/person.yaml:4:37 MODEL_JUNCTION_AMBIGUOUS 'friends' leads through Friendship, which has several references to Person: a, b (say which leads here with from: and which to Person with to:)",
        ],
        "both": [
          "model/person.yaml:4:44 MODEL_RELATION 'friends' has both by and through, each of which says how it leads to Person (name the reference of Person with by:, or for many-to-many an object with through: or a table of links with table:)",
        ],
        "columns": [
          "model/person.yaml:4:39 MODEL_COLUMNS 'from' has 2 columns, but the key of Person has 1 (id) (name one column for each, in that order)",
        ],
        "database": [
          "model/person.yaml:4:49 MODEL_DATABASE_UNKNOWN no database 'mian' is declared (did you mean 'main'?)",
        ],
        "direct": [
          "model/club.yaml:3:48 MODEL_RELATION Person.friends is the other direction of a relation itself (name a many-to-many relation of Person to Club that has through: or table:)",
          "model/person.yaml:4:35 MODEL_RELATION Club.members is the other direction of a relation itself (name a many-to-many relation of Club to Person that has through: or table:)",
        ],
        "inverse": [
          "model/person.yaml:4:35 MODEL_RELATION_UNKNOWN Club has no relation 'members' (name a many-to-many relation of Club that leads here)",
        ],
        "lacking": [
          "model/person.yaml:4:35 MODEL_JUNCTION 'friends' leads through Membership, which has no reference to Club (add 'club: { to: Club }' to Membership)",
        ],
        "misnamed": [
          "model/person.yaml:4:62 MODEL_ATTRIBUTE_UNKNOWN Friendship has no reference 'c' to Person (did you mean 'a'?)",
        ],
        "none": [
          "model/person.yaml:4:3 MODEL_RELATION 'friends' does not say how it leads to Person (name the reference of Person with by:, or for many-to-many an object with through: or a table of links with table:)",
        ],
        "one": [
          "model/person.yaml:4:37 MODEL_JUNCTION 'friends' leads through Membership, which has no other reference to Person (add 'person: { to: Person }' to Membership)",
        ],
        "same": [
          "model/person.yaml:4:52 MODEL_COLUMN_TWICE 'to' has column 'a', which 'from' has too (name another with from: or to:)",
        ],
        "stray": [
          "model/person.yaml:4:68 MODEL_RELATION 'database' goes with table:, which 'friends' does not have (remove it, or say table:)",
        ],
        "taken": [
          "model/person.yaml:4:33 MODEL_TABLE_TWICE table 'membership' holds Membership already (say through: Membership instead, or name another table)",
        ],
        "twice": [
          "model/person.yaml:4:33 MODEL_TABLE_TWICE table 'links' holds Club.members already (if it is the other direction of the same links, say inverse: members; else name another table)",
        ],
        "unknown": [
          "model/person.yaml:4:37 MODEL_OBJECT_UNKNOWN the model has no object 'Frendship' to lead through (did you mean 'Friendship'?)",
        ],
      }
    `);
  });
});
