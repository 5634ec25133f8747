import { type AnyComponent, defineComponent } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { Declarations } from './contract.js';
import type { Folder } from './folder.js';

/** The holder of the opened folder, and the component through which others see it. */
export interface DeclarationsHolder {
  component: AnyComponent;
  /** Puts a newly read folder in place and tells the listeners. */
  update(folder: Folder): void;
}

/**
 * Makes the component that provides {@link Declarations}.
 *
 * @example
 * manager.install('declarations', createDeclarations(folder).component);
 */
export function createDeclarations(folder: Folder): DeclarationsHolder {
  let current = folder;
  const listeners = new Set<(folder: Folder) => void>();
  const component = defineComponent({
    provides: Declarations,
    version: '1.0.0',
    needs: {},
    config: z.strictObject({}),
    create: () => ({
      handlers: {
        folder: () => current,
        onChange(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
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
