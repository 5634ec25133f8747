import type { Schema } from '@caruso/expressions';
import { compileScript, signatureOf } from './compile.js';
import type { MethodShape } from './compiler-context.js';
import type { Fault } from './fault.js';
import type { Program } from './program.js';
import { read, type ScriptDocument } from './read.js';
import { elementsOf, type XmlElement } from './xml-tree.js';

/** A script's file. */
export interface ScriptSource {
  path: string;
  text: string;
}

/** What came of one file. */
export interface CompiledScript {
  id: string;
  document: ScriptDocument;
  /** There, and linked with those it calls, when nothing in it or in them is an error. */
  program: Program | undefined;
  faults: Fault[];
}

/**
 * Compiles scripts that may call each other and links them. A script that calls itself, directly or by way of others, is
 * refused, and so is one whose callee has faults.
 *
 * @example
 * const [move] = compileScripts([{ path: 'scripts/move.xml', text }], { schema, methods });
 */
export function compileScripts(
  sources: readonly ScriptSource[],
  options: { schema?: Pick<Schema, 'objects'>; methods?: readonly MethodShape[] | undefined } = {},
): CompiledScript[] {
  const documents = sources.map(({ path, text }) => read(text, path));
  const ids = documents.map((document) => document.root?.attributes.get('id')?.value ?? document.file);
  const roots = new Map<string, XmlElement>();
  for (const [index, { root }] of documents.entries()) {
    const id = ids[index];
    if (root !== undefined && id !== undefined && !roots.has(id)) roots.set(id, root);
  }
  const { objects } = options.schema ?? {};
  const signatures = new Map([...roots].map(([id, root]) => [id, signatureOf(root, objects)]));
  const compiled = documents.map((document, index): CompiledScript => {
    const { program, faults } = compileScript(document, { ...options, scripts: signatures });
    return { id: ids[index] ?? document.file, document, program, faults };
  });
  return compiled.map((each) => linked(each, compiled, roots));
}

function linked(
  script: CompiledScript,
  all: readonly CompiledScript[],
  roots: Map<string, XmlElement>,
): CompiledScript {
  const faults = [...script.faults];
  const at = (offset: number, code: string, message: string, remedy: string): void => {
    const place = script.document.positions.at(offset);
    faults.push({ file: script.document.file, ...place, code, message, remedy, severity: 'error' });
  };
  const { root } = script.document;
  for (const { id, offset } of root === undefined ? [] : callsOf(root)) {
    const way = wayTo(id, script.id, roots);
    if (way !== undefined) {
      const message = `the script calls itself: ${[script.id, ...way].join(' > ')}`;
      at(offset, 'SCRIPT_CALL_RECURSIVE', message, 'go back by a next, or divide the scripts otherwise');
    } else if (roots.has(id) && !isWhole(id, all, roots)) {
      const message = `the script '${id}' that it calls has faults of its own`;
      at(offset, 'SCRIPT_CALL_FAULTY', message, 'correct that script');
    }
  }
  faults.sort((a, b) => a.line - b.line || a.column - b.column);
  const { program } = script;
  const failed = faults.some(({ severity }) => severity === 'error');
  return { ...script, faults, program: failed || program === undefined ? undefined : join(program, all) };
}

/** Puts the programs it calls into a program, and into those what they call. There is no round. */
function join(program: Program, all: readonly CompiledScript[]): Program {
  const called = new Set(program.steps.flatMap((step) => (step.kind === 'call' ? step.script : [])));
  const scripts = new Map<string, Program>();
  for (const id of called) {
    const other = all.find((each) => each.id === id)?.program;
    if (other !== undefined) scripts.set(id, join(other, all));
  }
  return { ...program, scripts };
}

/** Ids of the scripts that an element's steps call, with the place of the name. */
export function callsOf(root: XmlElement): { id: string; offset: number }[] {
  const found: { id: string; offset: number }[] = [];
  const open = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const script = next.name === 'call' ? next.attributes.get('script') : undefined;
    if (script !== undefined) found.push({ id: script.value, offset: script.valueOffset });
    open.push(...elementsOf(next));
  }
  return found;
}

/** The scripts on the way from one to another, by who calls whom. */
function wayTo(from: string, to: string, roots: ReadonlyMap<string, XmlElement>): string[] | undefined {
  const open: string[][] = [[from]];
  const seen = new Set([from]);
  for (let way = open.shift(); way !== undefined; way = open.shift()) {
    const last = way.at(-1) ?? '';
    if (last === to) return way;
    const root = roots.get(last);
    for (const { id } of root === undefined ? [] : callsOf(root)) {
      if (seen.has(id)) continue;
      seen.add(id);
      open.push([...way, id]);
    }
  }
  return undefined;
}

/** Whether a script and all it calls are without faults. */
function isWhole(id: string, all: readonly CompiledScript[], roots: ReadonlyMap<string, XmlElement>): boolean {
  const seen = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (all.find((each) => each.id === next)?.program === undefined) return false;
    const root = roots.get(next);
    if (root !== undefined) open.push(...callsOf(root).map((call) => call.id));
  }
  return true;
}
