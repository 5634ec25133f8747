import type { Handlers } from '@caruso/service-manager/contract';
import { aggregate } from './aggregate.js';
import { detach, listAttachments } from './attachments.js';
import { bulk } from './bulk.js';
import type { BusinessObjects } from './contract.js';
import { describeObject } from './describe.js';
import { createRecord, deleteRecord, restoreRecord, updateRecord } from './editor.js';
import type { Engine } from './engine.js';
import { find, get } from './finder.js';
import { history } from './history.js';
import { link, unlink } from './linker.js';
import { addNote, notes, removeNote } from './notes.js';
import { related } from './related.js';
import { revealValues } from './reveal.js';
import { tagsInUse } from './tags-in-use.js';

/** The `objects` contract over an engine: every call acts with the rights of its principal. */
export function objectsService(engine: Engine): Handlers<typeof BusinessObjects> {
  return {
    describe: ({ object }) => {
      const caller = engine.caller();
      const { model } = caller.state;
      if (object !== undefined)
        return { objects: [describeObject(engine.object(caller, object).object, caller.access, model)] };
      const seen = [...model.objects.values()].filter(
        (each) => caller.access.of(each).read && !model.refused.has(each.name),
      );
      return { objects: seen.map((each) => describeObject(each, caller.access, model)) };
    },
    create: (input) => createRecord(engine, input),
    get: (input) => get(engine, input),
    find: (input) => find(engine, input),
    related: (input) => related(engine, input),
    update: (input) => updateRecord(engine, input),
    delete: (input) => deleteRecord(engine, input),
    bulk: (input) => bulk(engine, input),
    link: (input) => link(engine, input),
    unlink: (input) => unlink(engine, input),
    tags: (input) => tagsInUse(engine, input),
    restore: (input) => restoreRecord(engine, input),
    reveal: (input) => revealValues(engine, input),
    notes: (input) => notes(engine, input),
    addNote: (input) => addNote(engine, input),
    removeNote: (input) => removeNote(engine, input),
    attachments: (input) => listAttachments(engine, input),
    detach: (input) => detach(engine, input),
    history: (input) => history(engine, input),
    aggregate: (input) => aggregate(engine, input),
  };
}
