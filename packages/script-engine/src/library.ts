import { createHash } from 'node:crypto';
import { compileScript, type Fault, type MethodShape, Positions, type Program, read } from '@caruso/dialog-script';
import type { Schema } from '@caruso/expressions';

/** A script's file as the folder of declarations has it. */
export interface ScriptSource {
  path: string;
  text: string;
}

/** A version of a script that is served. */
export interface Edition {
  program: Program;
  /** SHA-256 of the text. */
  content: string;
  text: string;
  file: string;
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
 * were started with.
 */
export class Library {
  #editions = new Map<string, Edition>();
  #readings = new Map<string, Reading>();
  readonly #byContent = new Map<string, Program>();

  /** Reads all files anew. Gives the faults of every file, by file. */
  reload(sources: readonly ScriptSource[], schema: Pick<Schema, 'objects'>, methods: readonly MethodShape[]): Fault[] {
    const editions = new Map<string, Edition>();
    const readings = new Map<string, Reading>();
    for (const { path, text } of sources) {
      const content = hashOf(text);
      const document = read(text, path);
      const { program, faults } = compileScript(document, { schema, methods });
      const id = program?.id ?? document.root?.attributes.get('id')?.value ?? path;
      const twin = readings.get(id);
      if (twin !== undefined) faults.push(idTwice(document.positions, path, id, twin.file, text));
      else readings.set(id, { id, file: path, text, content, faults });
      if (twin !== undefined) twin.faults.push(...faults.filter(({ code }) => code === 'SCRIPT_ID_TAKEN'));
      else if (program !== undefined) editions.set(id, { program, content, text, file: path });
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
    text: () => Promise<{ text: string; file: string } | undefined>,
    schema: Pick<Schema, 'objects'>,
  ): Promise<{ program: Program | undefined; faults: Fault[] }> {
    const known = this.#byContent.get(content) ?? this.list().find((edition) => edition.content === content)?.program;
    if (known !== undefined) return Promise.resolve({ program: known, faults: [] });
    return text().then((kept) => {
      if (kept === undefined) return { program: undefined, faults: [] };
      // A service that is away makes an action fail, not a running session impossible: methods are not checked again.
      const compiled = compileScript(read(kept.text, kept.file), { schema });
      if (compiled.program !== undefined) this.#byContent.set(content, compiled.program);
      return compiled;
    });
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function idTwice(positions: Positions, file: string, id: string, other: string, text: string): Fault {
  const offset = Math.max(0, text.indexOf(`"${id}"`) + 1);
  return {
    ...positions.at(offset),
    file,
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
