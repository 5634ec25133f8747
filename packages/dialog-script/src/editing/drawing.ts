import { type FlatStep, flatten, stepNames } from '../step-compiler.js';
import { elementsOf, type XmlElement } from '../xml-tree.js';
import { type OutlineNode, outlineOf } from './outline.js';

/** A step as a box; `on` stands for what leads away from any step that waits. */
export interface DrawnStep {
  /** The step's id; `set`, which has none, is numbered as in the program. */
  id: string;
  kind: string;
  label: string;
  /** Of its section. */
  section: string;
  /** Of its element in the outline. */
  path: string;
}

/** A way as {@link waysOf} names it, from a step to another. */
export interface DrawnWay {
  name: string;
  kind: 'next' | 'below' | 'skipped' | 'fail' | 'round' | 'over' | 'on';
  /** The condition, where it has one. */
  label: string;
}

/** All ways from one step to another. */
export interface DrawnLine {
  from: string;
  to: string;
  ways: DrawnWay[];
}

export interface Drawing {
  steps: DrawnStep[];
  lines: DrawnLine[];
}

/** The graph of a script: each step, and each way from step to step. Ways to what is not there are left out. */
export function drawingOf(root: XmlElement, text: string): Drawing {
  const sections = elementsOf(root, 'section');
  const flat = sections.flatMap((section, index) => flatten(elementsOf(section, ...stepNames), index));
  const nodes = new Map<number, OutlineNode>();
  const remember = (node: OutlineNode): void => {
    nodes.set(node.from, node);
    node.children.forEach(remember);
  };
  remember(outlineOf(root, text));
  return new Drawer(root, sections, flat, nodes).drawing();
}

class Drawer {
  readonly #script: string;
  readonly #ids: string[];
  readonly #lines = new Map<string, DrawnLine>();

  constructor(
    readonly root: XmlElement,
    readonly sections: readonly XmlElement[],
    readonly flat: readonly FlatStep[],
    readonly nodes: ReadonlyMap<number, OutlineNode>,
  ) {
    this.#script = root.attributes.get('id')?.value ?? '';
    this.#ids = flat.map(({ element }, index) => element.attributes.get('id')?.value ?? `step-${index + 1}`);
  }

  drawing(): Drawing {
    const steps: DrawnStep[] = [];
    for (const [index, { element, again, section }] of this.flat.entries()) {
      if (again) continue;
      steps.push(
        this.#step(element, this.#ids[index] ?? '', this.sections[section]?.attributes.get('id')?.value ?? ''),
      );
      this.#waysFrom(element, index);
    }
    for (const [index, element] of elementsOf(this.root, 'on').entries()) {
      const id = `on ${index + 1}`;
      steps.unshift(this.#step(element, id, ''));
      this.#way(id, this.#target(element), 'on', id, element.attributes.get('if')?.value ?? '');
      for (const action of waiting(elementsOf(element, 'action'))) {
        this.#way(id, this.#target(elementsOf(action, 'fail')[0]), 'fail', `${id} ${idOf(action)} fail`, idOf(action));
      }
    }
    return { steps, lines: [...this.#lines.values()] };
  }

  #step(element: XmlElement, id: string, section: string): DrawnStep {
    const node = this.nodes.get(element.offset - 1);
    return { id, kind: element.name, label: node?.label ?? '', section, path: node?.path ?? '' };
  }

  #waysFrom(element: XmlElement, index: number): void {
    const id = this.#ids[index] ?? '';
    const own = (label: string) => `${id} ${label}`;
    const condition = element.attributes.get('if')?.value;
    const after = element.name === 'loop' ? this.#endOf(element) + 1 : index + 1;
    const below = this.#reached(index + 1);
    if (condition !== undefined) this.#way(id, this.#reached(after), 'skipped', own('skipped'), `not (${condition})`);
    switch (element.name) {
      case 'end':
        return;
      case 'loop':
        this.#way(id, below, 'round', own('round'), element.attributes.get('while')?.value ?? '');
        this.#way(id, this.#reached(after), 'over', own('over'), '');
        return;
      case 'set':
      case 'lookup':
      case 'action': {
        this.#way(id, below, 'below', own('below'), '');
        const [fail] = elementsOf(element, 'fail');
        if (waiting([element]).length > 0) this.#way(id, this.#target(fail), 'fail', own('fail'), '');
        return;
      }
      default:
        this.#nexts(element, id, below);
    }
  }

  #nexts(element: XmlElement, id: string, below: string | undefined): void {
    let always = false;
    for (const [index, next] of elementsOf(element, 'next').entries()) {
      const label = next.attributes.get('if')?.value;
      always ||= label === undefined;
      this.#way(id, this.#target(next), 'next', `${id} next ${index + 1}`, label ?? '');
      for (const action of waiting(elementsOf(next, 'action'))) {
        const name = `${id} next ${index + 1} ${idOf(action)} fail`;
        this.#way(id, this.#target(elementsOf(action, 'fail')[0]), 'fail', name, idOf(action));
      }
    }
    if (!always) this.#way(id, below, 'below', `${id} below`, '');
  }

  #way(from: string, to: string | undefined, kind: DrawnWay['kind'], name: string, label: string): void {
    if (to === undefined) return;
    const key = `${from}\n${to}`;
    const line = this.#lines.get(key) ?? { from, to, ways: [] };
    this.#lines.set(key, line);
    line.ways.push({ name: `${this.#script} ${name}`, kind, label });
  }

  /** The step at a place of the program; behind the last step of a loop that is the loop. */
  #reached(index: number): string | undefined {
    return this.#ids[index];
  }

  #endOf(loop: XmlElement): number {
    return this.flat.findIndex(({ element, again }) => again && element === loop);
  }

  #target(element: XmlElement | undefined): string | undefined {
    const to = element?.attributes.get('to')?.value;
    const section = this.sections.findIndex((each) => idOf(each) === to);
    const index = section < 0 ? this.#ids.indexOf(to ?? '') : this.flat.findIndex((step) => step.section >= section);
    return this.#reached(index);
  }
}

function idOf(element: XmlElement): string {
  return element.attributes.get('id')?.value ?? '';
}

/** Actions the dialog waits for: others cannot fail before it has gone on. */
function waiting(elements: readonly XmlElement[]): XmlElement[] {
  return elements.filter(({ attributes }) => attributes.get('mode')?.value !== 'async');
}
