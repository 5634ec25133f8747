import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  changesEventsOnly,
  contentHash,
  declarationNamed,
  declarationStale,
  declarationsFaulty,
  declarationUnwritable,
  type Fault,
  type FileEdit,
  type Folder,
  hasErrors,
  kindOf,
  sameDeclarations,
  sortFaults,
  type TriedEdits,
} from '@caruso/declarations';
import type { DeclarationEditingApi } from '@caruso/declarations/contract';
import { currentCall } from '@caruso/service-manager/contract';
import { Journal } from '@caruso/storage-manager/contract';
import { checkFolder } from './check-folder.js';
import type { House } from './house.js';
import type { Io } from './io.js';
import { newFaults } from './new-faults.js';
import { openFrontOffice } from './places.js';
import { replaceFile } from './replace-file.js';

/** Tries and writes edits of a front office's declarations: checks all of it, writes its own folder, and lets it take effect. */
export class FolderEditor implements DeclarationEditingApi {
  #turn: Promise<unknown> = Promise.resolve();
  /** What was wrong in the folder as it is saved, for as long as it and what checks it stay the same. */
  #known: { folder: Folder; by: unknown[]; faults: Fault[] } | undefined;

  constructor(
    private readonly house: () => House,
    private readonly io: Io,
  ) {}

  async try(edits: readonly FileEdit[]): Promise<TriedEdits> {
    const { root } = this.house().folder();
    for (const edit of edits) {
      const kind = kindOf(edit.name);
      if (kind === undefined) throw declarationNamed(edit.name);
      if (kind === 'manifest' && !changesEventsOnly(textOf(root, edit.name), edit.text))
        throw declarationNamed(edit.name);
      refuseStale(root, edit);
    }
    const opened = openFrontOffice(this.io, root, new Map(edits.map(({ name, text }) => [name, text])));
    const after = await this.#faults(opened);
    return { folder: opened.folder, faults: newFaults(after, await this.#savedFaults(root)) };
  }

  /** One after the other: what was tried is what is written. */
  save(edits: readonly FileEdit[]): Promise<TriedEdits> {
    const saved = this.#turn.then(() => this.#save(edits));
    this.#turn = saved.catch(() => {});
    return saved;
  }

  async #save(edits: readonly FileEdit[]): Promise<TriedEdits> {
    const tried = await this.try(edits);
    if (hasErrors(tried.faults)) throw declarationsFaulty('what is to be saved', tried.faults);
    const house = this.house();
    const { root, manifest, locate } = house.folder();
    for (const edit of edits) refuseStale(root, edit);
    const former = edits.map((edit) => ({ edit, before: textOf(root, edit.name) }));
    const written: typeof former = [];
    try {
      for (const { edit } of former) refuseLinked(root, edit.name);
      for (const each of former) {
        written.push(each);
        write(root, each.edit.name, each.edit.text);
      }
    } catch (error) {
      for (const { edit, before } of written) write(root, edit.name, before);
      throw declarationUnwritable(edits.map(({ name }) => name).join(', '), error);
    }
    // What caruso.yaml says is followed by whoever watches it.
    house.update({ ...tried.folder, manifest, locate });
    for (const { edit, before } of former) await record(house, edit, before);
    return tried;
  }

  async #savedFaults(root: string): Promise<Fault[]> {
    const opened = openFrontOffice(this.io, root);
    const by = [...this.house().loaded.values()];
    const known = this.#known;
    const same = known !== undefined && sameDeclarations(known.folder, opened.folder);
    if (same && known.by.length === by.length && by.every((each, index) => each === known.by[index]))
      return known.faults;
    const faults = await this.#faults(opened);
    this.#known = { folder: opened.folder, by, faults };
    return faults;
  }

  async #faults({ folder, faults }: { folder: Folder; faults: Fault[] }): Promise<Fault[]> {
    return sortFaults([...faults, ...(await checkFolder(folder, this.house()))]);
  }
}

function refuseStale(root: string, { name, base }: FileEdit): void {
  const present = textOf(root, name);
  if ((present === null ? null : contentHash(present)) !== base) throw declarationStale(name);
}

function textOf(root: string, name: string): string | null {
  const file = join(root, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function refuseLinked(root: string, name: string): void {
  const folder = dirname(join(root, name));
  if (existsSync(folder) && !`${realpathSync(folder)}/`.startsWith(`${realpathSync(root)}/`))
    throw new Error(`${name} lies in another folder, to which a link leads`);
}

function write(root: string, name: string, text: string | null): void {
  const file = join(root, name);
  if (text === null) rmSync(file, { force: true });
  else replaceFile(existsSync(file) ? realpathSync(file) : file, text);
}

/** Who changed a declaration, and what it said before and after. */
async function record({ manager, log }: House, { name, text }: FileEdit, before: string | null): Promise<void> {
  const { principal } = currentCall();
  log.info(
    { file: name, by: principal.id },
    `${name} was ${text === null ? 'taken away' : 'saved'} by ${principal.name}`,
  );
  if (manager.services.providers('journal').length === 0) return;
  try {
    await manager.use(Journal, '^1.0').append({
      type: 'Declaration.saved',
      subject: { object: 'Declaration', key: name },
      data: { before, after: text },
    });
  } catch (error) {
    log.warn({ err: error }, `that ${name} was saved could not be written into the journal`);
  }
}
