import { nearest } from '@caruso/expressions';
import type { Fault } from './fault.js';
import { createLocate } from './locate.js';
import type { MapTree, ScalarTree, Tree } from './tree.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$(\$\{)|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{/g;

/**
 * Replaces `${VAR}` and `${VAR:-default}` in every text of a tree by values of the environment; `$${` stands for `${` itself. A text
 * written without quotes that is one reference and nothing else becomes a number or truth value where it reads as one.
 */
export function substitute(tree: Tree, environment: Environment): { tree: Tree; faults: Fault[] } {
  const faults: Fault[] = [];
  const walk = (each: Tree): Tree => {
    if (each.kind === 'list') return { ...each, items: each.items.map(walk) };
    if (each.kind === 'scalar')
      return typeof each.value === 'string' ? scalar(each, each.value, environment, faults) : each;
    const entries: MapTree['entries'] = new Map();
    for (const [key, entry] of each.entries) entries.set(key, { mark: entry.mark, value: walk(entry.value) });
    return { ...each, entries };
  };
  return { tree: walk(tree), faults };
}

function scalar(tree: ScalarTree, text: string, environment: Environment, faults: Fault[]): ScalarTree {
  if (!text.includes('${')) return tree;
  const value = text.replace(
    REFERENCE,
    (whole, escaped: string | undefined, name: string | undefined, otherwise: string | undefined, at: number) => {
      if (escaped !== undefined) return escaped;
      const given = name === undefined ? undefined : (environment[name] ?? otherwise);
      if (given !== undefined) return given;
      const place = createLocate(tree, tree.mark.source).within([], at);
      faults.push({ ...place, severity: 'error', ...missing(name, environment) });
      return whole;
    },
  );
  const alone = tree.style === 'plain' && /^\$\{[^}]*\}$/.test(text);
  return { ...tree, value: alone ? typed(value) : value };
}

function missing(name: string | undefined, environment: Environment): Pick<Fault, 'code' | 'message' | 'remedy'> {
  if (name === undefined) {
    return {
      code: 'VARIABLE_MALFORMED',
      message: "'${' begins no variable",
      remedy: 'write ${NAME} or ${NAME:-default}, or $${ for the characters themselves',
    };
  }
  const meant = nearest(name, Object.keys(environment));
  const hint = meant === undefined ? '' : `; did you mean '${meant}'?`;
  return {
    code: 'VARIABLE_MISSING',
    message: `the environment has no variable '${name}'`,
    remedy: `set ${name}, or give a default: \${${name}:-...}${hint}`,
  };
}

function typed(value: string): string | number | boolean {
  if (/^-?\d{1,15}(\.\d{1,15})?$/.test(value)) return Number(value);
  return value === 'true' || (value === 'false' ? false : value);
}
