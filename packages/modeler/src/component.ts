import { Model, ModelFiles } from '@caruso/business-objects/contract';
import { DeclarationEditing, Declarations } from '@caruso/declarations/contract';
import { defineComponent, need } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { Modeler } from './contract.js';
import { ModelerService } from './modeler.js';

/** The modeler: the model changed by a tool while the front office runs. */
export default defineComponent({
  provides: Modeler,
  version: '1.0.0',
  needs: {
    declarations: need(Declarations, '^1.0'),
    editing: need(DeclarationEditing, '^1.0'),
    model: need(Model, '^1.0'),
    modelFiles: need(ModelFiles, '^1.0'),
  },
  config: z.strictObject({}),
  create: ({ needs, clock }) => {
    const modeler = new ModelerService({ ...needs, clock });
    // One after the other: what was planned is what is applied.
    let turn: Promise<unknown> = Promise.resolve();
    return {
      handlers: {
        model: ({ drafts }) => modeler.state(drafts),
        edit: ({ drafts, operations }) => modeler.edit(drafts, operations),
        preview: ({ drafts }) => modeler.preview(drafts),
        apply: ({ drafts, lose }) => {
          const applied = turn.then(() => modeler.apply(drafts, lose));
          turn = applied.catch(() => {});
          return applied;
        },
        promote: ({ drafts, differences }) => modeler.promote(drafts, differences),
      },
    };
  },
});
