import { createHash } from 'node:crypto';
import {
  type CompiledScript,
  callsOf,
  compileScripts,
  type Fault,
  type MethodShape,
  type Program,
  type ScriptSource,
} from '@caruso/dialog-script';
import type { Schema } from '@caruso/expressions';

/** A version of a script that is served. */
export interface Edition {
  program: Program;
  /** SHA-256 of the text, and of the texts of the scripts it calls. */
  content: string;
  text: string;
  file: string;
  /** The scripts it calls, and those they call. */
  parts: ScriptSource[];
}

/** What was found in a file when it was last read, whether it is served or not. */
interface Reading {
  id: string;
  file: string;
  text: string;
  content: string;
  faults: Fault[];
}

/**
 * The scripts being served. A new version with faults leaves the old one serving; running sessions keep the version they
 * were started with, and so do the scripts it calls.
 */
export class Library {
  #editions = new Map<string, Edition>();
  #readings = new Map<string, Reading>();
  readonly #byContent = new Map<string, Program>();

  /** Reads all files anew. Gives the faults of every file, by file. */
  reload(sources: readonly ScriptSource[], schema: Pick<Schema, 'objects'>, methods: readonly MethodShape[]): Fault[] {
    const editions = new Map<string, Edition>();
    const readings = new Map<string, Reading>();
    const compiled = compileScripts(sources, { schema, methods });
    for (const script of compiled) {
      const { id, document, program } = script;
      const faults = [...script.faults];
      const { file, text } = document;
      const parts = partsOf(script, compiled);
      const content = contentOf(text, parts);
      const twin = readings.get(id);
      if (twin !== undefined) {
        twin.faults.push(idTwice(script, twin.file));
      } else readings.set(id, { id, file, text, content, faults });
      if (twin !== undefined) continue;
      if (program !== undefined) editions.set(id, { program, content, text, file, parts });
      else {
        const old = this.#editions.get(id);
        if (old !== undefined) editions.set(id, old);
      }
    }
    this.#editions = editions;
    this.#readings = readings;
    return [...readings.values()].flatMap(({ faults }) => faults);
  }

  /** Programs of pinned versions depend on the model too. */
  forgetPinned(): void {
    this.#byContent.clear();
  }

  get(id: string): Edition | undefined {
    return this.#editions.get(id);
  }

  list(): Edition[] {
    return [...this.#editions.values()];
  }

  reading(id: string): Reading | undefined {
    return this.#readings.get(id);
  }

  readings(): Reading[] {
    return [...this.#readings.values()];
  }

  /** The program of the version a session runs, compiled from its kept text where it is no longer the present one. */
  pinned(
    content: string,
    text: () => Promise<ScriptSource[] | undefined>,
    schema: Pick<Schema, 'objects'>,
  ): Promise<{ program: Program | undefined; faults: readonly Fault[] }> {
    const known = this.#byContent.get(content) ?? this.list().find((edition) => edition.content === content)?.program;
    if (known !== undefined) return Promise.resolve({ program: known, faults: [] });
    return text().then((kept) => {
      if (kept === undefined) return { program: undefined, faults: [] };
      // A service that is away makes an action fail, not a running session impossible: methods are not checked again.
      const [compiled] = compileScripts(kept, { schema });
      if (compiled?.program !== undefined) this.#byContent.set(content, compiled.program);
      return { program: compiled?.program, faults: compiled?.faults ?? [] };
    });
  }
}

/** The texts of the scripts that a script calls, and of those they call, by name. */
function partsOf(script: CompiledScript, all: readonly CompiledScript[]): ScriptSource[] {
  const parts = new Map<string, ScriptSource>();
  const open = [script];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { root } = next.document;
    for (const { id } of root === undefined ? [] : callsOf(root)) {
      const other = all.find((each) => each.id === id);
      if (other === undefined || other === script || parts.has(id)) continue;
      parts.set(id, { path: other.document.file, text: other.document.text });
      open.push(other);
    }
  }
  return [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
}

function contentOf(text: string, parts: readonly ScriptSource[]): string {
  const hash = createHash('sha256').update(text);
  for (const part of parts) hash.update('\0').update(part.text);
  return hash.digest('hex');
}

function idTwice({ document, id }: CompiledScript, other: string): Fault {
  const offset = document.root?.attributes.get('id')?.valueOffset ?? 0;
  return {
    ...document.positions.at(offset),
    file: document.file,
    code: 'SCRIPT_ID_TAKEN',
    message: `the id '${id}' is that of ${other} already`,
    remedy: 'give each script its own id',
    severity: 'error',
  };
}

/** Checks scripts that are not served: for the check of a whole folder. */
export function checkScripts(
  sources: readonly ScriptSource[],
  schema: Pick<Schema, 'objects'>,
  methods: readonly MethodShape[],
): Fault[] {
  return new Library().reload(sources, schema, methods);
}
