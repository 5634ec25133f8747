import type { AnyComponent } from './component-definition.js';

/** Where a component's code is. */
export interface Origin {
  /** Absolute: the bundle of a component in a file, or the folder of a package. */
  path: string;
  file: boolean;
}

const origins = new WeakMap<AnyComponent, Origin>();

/** Says where a component's code is; whoever loads a component knows. */
export function setOrigin(component: AnyComponent, origin: Origin): void {
  origins.set(component, origin);
}

export function originOf(component: AnyComponent): Origin | undefined {
  return origins.get(component);
}
