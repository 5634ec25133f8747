import type { AnyComponent } from './component-definition.js';

const origins = new WeakMap<AnyComponent, string>();

/** Says which file, or folder of a package, the component's code is in; whoever loads a component knows. */
export function setOrigin(component: AnyComponent, path: string): void {
  origins.set(component, path);
}

export function originOf(component: AnyComponent): string | undefined {
  return origins.get(component);
}
