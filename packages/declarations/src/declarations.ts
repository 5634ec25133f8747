import { type AnyComponent, defineComponent } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { DeclarationEditing, type DeclarationEditingApi, Declarations } from './contract.js';
import { declarationsFixed } from './errors.js';
import type { Folder } from './folder.js';

/** The holder of the opened folder, and the component through which others see it. */
export interface DeclarationsHolder {
  component: AnyComponent;
  /** Puts a newly read folder in place and tells the listeners. */
  update(folder: Folder): void;
}

/** Declarations that stand in no folder which could be written. */
const fixed: DeclarationEditingApi = {
  async try() {
    throw declarationsFixed();
  },
  async save() {
    throw declarationsFixed();
  },
};

/**
 * Makes the component that provides {@link Declarations} and {@link DeclarationEditing}.
 *
 * @param editor without one nothing can be edited
 * @example
 * manager.install('declarations', createDeclarations(folder).component);
 */
export function createDeclarations(folder: Folder, editor: DeclarationEditingApi = fixed): DeclarationsHolder {
  let current = folder;
  const listeners = new Set<(folder: Folder) => void>();
  const component = defineComponent({
    provides: { declarations: Declarations, editing: DeclarationEditing },
    version: '1.1.0',
    needs: {},
    config: z.strictObject({}),
    create: () => ({
      handlers: {
        declarations: {
          folder: () => current,
          onChange(listener) {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
        },
        editing: { try: (edits) => editor.try(edits), save: (edits) => editor.save(edits) },
      },
      inspect: () => ({ name: current.name, root: current.root, layers: current.layers.map((layer) => layer.name) }),
    }),
  });
  return {
    component,
    update(next) {
      current = next;
      for (const listener of listeners) listener(next);
    },
  };
}
