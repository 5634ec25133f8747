import type { ModelApi, ModelFilesApi } from '@caruso/business-objects/contract';
import { contentHash, declarationNamed, declarationStale, type FileEdit, type Source } from '@caruso/declarations';
import type { DeclarationEditingApi, DeclarationsApi } from '@caruso/declarations/contract';
import type { Clock } from '@caruso/service-manager/contract';
import type { MigrationPlan } from '@caruso/storage-manager/contract';
import type { Draft, ModelPreview, ModelState, PlannedStep } from './contract.js';
import { describeWritten } from './describe-written.js';
import type { Difference } from './difference.js';
import { editModel, type Ground } from './edit-model.js';
import { lossUnnamed, notLive } from './errors.js';
import type { Operation } from './operation.js';
import { promote } from './promote.js';
import { type ModelTexts, mapping, readObjects, sourcesOf, textsOf } from './written-model.js';

/** How long (ms) a model may take until it serves. */
const PATIENCE = 30_000;

export interface ModelerParts {
  declarations: DeclarationsApi;
  editing: DeclarationEditingApi;
  model: ModelApi;
  modelFiles: ModelFilesApi;
  clock: Clock;
}

/** The contract `modeler`: drafts of the model's files come in and go out; only `apply` writes. */
export class ModelerService {
  constructor(private readonly parts: ModelerParts) {}

  state(drafts: readonly Draft[]): ModelState {
    return this.#state(this.#texts(drafts), drafts);
  }

  edit(drafts: readonly Draft[], operations: readonly Operation[]): ModelState {
    const ground = this.#ground();
    const texts = operations.reduce((each, operation) => editModel(each, operation, ground), this.#texts(drafts));
    return this.#state(texts, drafts);
  }

  promote(drafts: readonly Draft[], differences: readonly Difference[]): ModelState {
    return this.#state(promote(this.#texts(drafts), differences, this.#ground()), drafts);
  }

  async preview(drafts: readonly Draft[]): Promise<ModelPreview> {
    const { editing, modelFiles } = this.parts;
    const saved = this.#saved();
    const edits = editsOf(this.#texts(drafts), saved, drafts);
    const { faults } = await editing.try(edits);
    const [before, after] = [
      await modelFiles.plan(this.#sources(saved)),
      await modelFiles.plan(this.#sources(this.#texts(drafts))),
    ];
    const known = new Set(before.flatMap(notesOf));
    return {
      files: edits.map(({ name, text }) => ({ name, before: saved.own.get(name) ?? null, after: text })),
      faults,
      steps: after.flatMap(stepsOf),
      // What was left alone before is no news.
      notes: after.flatMap(notesOf).filter((note) => !known.has(note)),
    };
  }

  async apply(
    drafts: readonly Draft[],
    lose: readonly string[],
  ): Promise<{ files: string[]; steps: PlannedStep[]; backups: string[] }> {
    const { editing, model, modelFiles } = this.parts;
    const saved = this.#saved();
    const texts = this.#texts(drafts);
    const edits = editsOf(texts, saved, drafts);
    const sources = this.#sources(texts);
    const plans = await modelFiles.plan(sources);
    const planned = plans.flatMap(stepsOf);
    const losing = new Set(planned.filter(({ kind }) => kind === 'remove').map(({ statement }) => statement));
    const unnamed = lose.filter((statement) => !losing.has(statement));
    if (unnamed.length > 0) throw lossUnnamed(unnamed);
    await editing.try(edits);
    // What only adds harms nobody who still has the model of before, and if it fails nothing has been written.
    if (planned.every(({ kind }) => kind !== 'rename')) await modelFiles.migrate(sources, 'add');
    const version = model.version();
    await this.#live(() => editing.save(edits));
    if (model.version() === version) {
      await editing.save(
        edits.map(({ name, text }) => ({ name, text: saved.own.get(name) ?? null, base: hashOf(text) })),
      );
      throw notLive('it does not serve');
    }
    const { backups } = lose.length === 0 ? { backups: [] } : await modelFiles.migrate(sources, { lose });
    const steps = planned.filter(({ kind, statement }) => kind !== 'remove' || lose.includes(statement));
    return { files: edits.map(({ name }) => name), steps, backups };
  }

  /** Does what changes the declarations, and waits until the model has read them. */
  async #live(work: () => Promise<unknown>): Promise<void> {
    const { model, clock } = this.parts;
    let stop = () => {};
    let cancel = () => {};
    const read = new Promise<void>((resolve) => {
      stop = model.onChange(resolve);
      cancel = clock.after(PATIENCE, resolve);
    });
    try {
      await work();
      await read;
    } finally {
      stop();
      cancel();
    }
  }

  #state(texts: ModelTexts, drafts: readonly Draft[]): ModelState {
    const { modelFiles } = this.parts;
    const { databases } = this.parts.declarations.folder().manifest;
    const objects = readObjects(texts);
    return {
      objects: objects.map((object) => describeWritten(object, (name) => databases[name]?.managed ?? true)),
      files: [...texts.own].map(([name, text]) => ({ name, text, hash: contentHash(text) })),
      drafts: editsOf(texts, this.#saved(), drafts),
      faults: modelFiles.check(this.#sources(texts)),
      databases: Object.entries(databases).map(([name, { managed }]) => ({ name, managed })),
      roles: [...new Set(objects.flatMap(({ value }) => Object.keys(mapping(value['rights']))))].sort(),
    };
  }

  #saved(): ModelTexts {
    const folder = this.parts.declarations.folder();
    return textsOf(folder.sources('model'), folder.layers.at(-1)?.name ?? '.');
  }

  /** Throws DECLARATION_STALE where a file is no longer as its draft takes it to be. */
  #texts(drafts: readonly Draft[]): ModelTexts {
    const saved = this.#saved();
    const own = new Map(saved.own);
    for (const { name, text, base } of drafts) {
      if (!/^model\/[\w./-]+\.yaml$/.test(name)) throw declarationNamed(name);
      if (hashOf(saved.own.get(name) ?? null) !== base) throw declarationStale(name);
      if (text === null) own.delete(name);
      else own.set(name, text);
    }
    return { ...saved, own };
  }

  #sources(texts: ModelTexts): Source[] {
    const folder = this.parts.declarations.folder();
    return sourcesOf(texts, folder.root, folder.layers.at(-1)?.name ?? '.');
  }

  #ground(): Ground {
    const { declarations, modelFiles } = this.parts;
    const { databases } = declarations.folder().manifest;
    return {
      saved: this.#saved(),
      managed: (name) => databases[name]?.managed ?? true,
      columns: (object, attribute) => modelFiles.columns(object, attribute),
    };
  }
}

/** What differs from what is saved; a draft keeps the hash its work began with. */
function editsOf(texts: ModelTexts, saved: ModelTexts, drafts: readonly Draft[]): FileEdit[] {
  const names = [...new Set([...saved.own.keys(), ...texts.own.keys()])].sort();
  return names.flatMap((name) => {
    const [text = null, before = null] = [texts.own.get(name), saved.own.get(name)];
    if (text === before) return [];
    const base = drafts.find((draft) => draft.name === name)?.base ?? hashOf(before);
    return [{ name, text, base }];
  });
}

function hashOf(text: string | null): string | null {
  return text === null ? null : contentHash(text);
}

function stepsOf({ database, steps }: MigrationPlan): PlannedStep[] {
  return steps.map(({ statement, summary, kind, loses }) => ({
    database,
    statement,
    summary,
    kind,
    loses: loses?.values ?? null,
  }));
}

function notesOf({ database, notes }: MigrationPlan): string[] {
  return notes.map((note) => `${database}: ${note}`);
}
