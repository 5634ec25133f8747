import type { ModelApi, ModelFilesApi } from '@caruso/business-objects/contract';
import {
  contentHash,
  declarationNamed,
  declarationStale,
  type FileEdit,
  kindOf,
  ownText,
  type Source,
} from '@caruso/declarations';
import type { DeclarationEditingApi, DeclarationsApi } from '@caruso/declarations/contract';
import type { Clock } from '@caruso/service-manager/contract';
import type { MigrationPlan } from '@caruso/storage-manager/contract';
import type { Draft, ModelPreview, ModelState, PlannedStep } from './contract.js';
import { describeWritten } from './describe-written.js';
import type { Difference } from './difference.js';
import { editModel, type Ground } from './edit-model.js';
import { lossUnnamed, notLive } from './errors.js';
import { followRename, unfollowedOf } from './follow-rename.js';
import { type Operation, type Rename, renameOf } from './operation.js';
import { promotion } from './promote.js';
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

/** What is being changed: the model, the other files that name it, and what was renamed in each file of the model. */
interface Work {
  texts: ModelTexts;
  others: ReadonlyMap<string, string | null>;
  renames: ReadonlyMap<string, readonly Rename[]>;
}

/** The contract `modeler`: drafts of the declarations come in and go out; only `apply` writes. */
export class ModelerService {
  constructor(private readonly parts: ModelerParts) {}

  state(drafts: readonly Draft[]): ModelState {
    return this.#state(this.#work(drafts), drafts);
  }

  async edit(drafts: readonly Draft[], operations: readonly Operation[]): Promise<ModelState> {
    let work = this.#work(drafts);
    for (const operation of operations) work = await this.#make(work, operation, drafts);
    return this.#state(work, drafts);
  }

  promote(drafts: readonly Draft[], differences: readonly Difference[]): Promise<ModelState> {
    return this.edit(drafts, promotion(differences));
  }

  /** One edit, with all that follows it in other declarations. */
  async #make(work: Work, operation: Operation, drafts: readonly Draft[]): Promise<Work> {
    const edited = { ...work, texts: editModel(work.texts, operation, this.#ground()) };
    const rename = renameOf(operation);
    if (rename === undefined) return edited;
    const followed = await followRename(
      rename,
      this.#edits(work, drafts),
      this.#edits(edited, drafts),
      this.parts.editing,
    );
    const others = followed.filter(({ name }) => !name.startsWith('model/'));
    const name = rename.in === 'objects' ? rename.to : rename.object;
    const file = readObjects(edited.texts).find((each) => each.name === name)?.file ?? '';
    return {
      texts: edited.texts,
      others: new Map(others.map((each) => [each.name, each.text])),
      renames: new Map(work.renames).set(file, [...(work.renames.get(file) ?? []), rename]),
    };
  }

  async preview(drafts: readonly Draft[]): Promise<ModelPreview> {
    const { editing, modelFiles } = this.parts;
    const work = this.#work(drafts);
    const edits = this.#edits(work, drafts);
    const { faults, folder } = await editing.try(edits);
    const [before, after] = [
      await modelFiles.plan(this.#sources(this.#saved())),
      await modelFiles.plan(this.#sources(work.texts)),
    ];
    const known = new Set(before.flatMap(notesOf));
    return {
      files: edits.map(({ name, text }) => ({ name, before: this.#savedText(name), after: text })),
      faults,
      steps: after.flatMap(stepsOf),
      // What was left alone before is no news.
      notes: after.flatMap(notesOf).filter((note) => !known.has(note)),
      unfollowed: unfollowedOf(folder, [...work.renames.values()].flat()),
    };
  }

  async apply(
    drafts: readonly Draft[],
    lose: readonly string[],
  ): Promise<{ files: string[]; steps: PlannedStep[]; backups: string[] }> {
    const { editing, model, modelFiles } = this.parts;
    const work = this.#work(drafts);
    const edits = this.#edits(work, drafts);
    const former = new Map(edits.map(({ name }) => [name, this.#savedText(name)]));
    const sources = this.#sources(work.texts);
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
      await editing.save(edits.map(({ name, text }) => ({ name, text: former.get(name) ?? null, base: hashOf(text) })));
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

  #state(work: Work, drafts: readonly Draft[]): ModelState {
    const { texts, renames } = work;
    const { modelFiles } = this.parts;
    const { databases } = this.parts.declarations.folder().manifest;
    const objects = readObjects(texts);
    return {
      objects: objects.map((object) => describeWritten(object, (name) => databases[name]?.managed ?? true)),
      files: [...texts.own].map(([name, text]) => ({ name, text, hash: contentHash(text) })),
      drafts: this.#edits(work, drafts).map((edit): Draft => {
        const made = renames.get(edit.name);
        return made === undefined ? edit : { ...edit, renames: [...made] };
      }),
      faults: modelFiles.check(this.#sources(texts)),
      databases: Object.entries(databases).map(([name, { managed }]) => ({ name, managed })),
      roles: [...new Set(objects.flatMap(({ value }) => Object.keys(mapping(value['rights']))))].sort(),
    };
  }

  #saved(): ModelTexts {
    const folder = this.parts.declarations.folder();
    return textsOf(folder.sources('model'), folder.layers.at(-1)?.name ?? '.');
  }

  #savedText(name: string): string | null {
    return ownText(this.parts.declarations.folder(), name);
  }

  /** Throws DECLARATION_STALE where a file is no longer as its draft takes it to be. */
  #work(drafts: readonly Draft[]): Work {
    const saved = this.#saved();
    const own = new Map(saved.own);
    const others = new Map<string, string | null>();
    for (const { name, text, base } of drafts) {
      if (kindOf(name) === undefined) throw declarationNamed(name);
      if (hashOf(this.#savedText(name)) !== base) throw declarationStale(name);
      if (!name.startsWith('model/')) others.set(name, text);
      else if (text === null) own.delete(name);
      else own.set(name, text);
    }
    const renames = new Map(drafts.flatMap((each) => (each.renames === undefined ? [] : [[each.name, each.renames]])));
    return { texts: { ...saved, own }, others, renames };
  }

  /** What differs from what is saved; a draft keeps the hash its work began with. */
  #edits({ texts, others }: Work, drafts: readonly Draft[]): FileEdit[] {
    const saved = this.#saved();
    const names = [...new Set([...saved.own.keys(), ...texts.own.keys()])].sort();
    const model = names.map((name) => [name, texts.own.get(name) ?? null] as const);
    return [...model, ...others].flatMap(([name, text]) => {
      const before = this.#savedText(name);
      if (text === before) return [];
      const base = drafts.find((draft) => draft.name === name)?.base ?? hashOf(before);
      return [{ name, text, base }];
    });
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
