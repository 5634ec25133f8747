import type { ModelApi } from '@caruso/business-objects/contract';
import { contentHash } from '@caruso/declarations';
import type { JournalApi, StorageApi } from '@caruso/storage-manager/contract';
import { draftStale } from '../errors.js';
import type { Positions, ScriptDraft } from './contract.js';

const owner = 'scripts';

/** Texts of scripts that are not published yet, one for each file. */
export class Drafts {
  constructor(
    private readonly model: ModelApi,
    private readonly storage: StorageApi,
    private readonly journal: JournalApi,
  ) {}

  async all(): Promise<({ file: string } & ScriptDraft)[]> {
    return (await this.model.load('ScriptDraft', 'true')).map(draftOf);
  }

  async of(file: string): Promise<ScriptDraft | null> {
    const [row] = await this.model.load('ScriptDraft', 'file = wanted', { wanted: file });
    return row === undefined ? null : draftOf(row);
  }

  /** Throws SCRIPT_DRAFT_STALE where the draft is not the one that was worked on. */
  save(
    file: string,
    draft: { text: string; positions: Positions; base: string | null; by: string; at: string },
    worked: string | null,
  ): Promise<ScriptDraft> {
    return this.storage.unitOfWork(async () => {
      const present = await this.of(file);
      if ((present?.hash ?? null) !== worked) throw draftStale(file, present?.by);
      const hash = contentHash(JSON.stringify([draft.text, draft.positions, draft.base]));
      const change = await this.model.write(owner, present === null ? 'create' : 'update', 'ScriptDraft', {
        file,
        ...draft,
        hash,
      });
      await this.journal.append({
        type: 'ScriptDraft.saved',
        subject: { object: 'ScriptDraft', key: change.key },
        data: { file },
      });
      return { ...draft, hash };
    });
  }

  /** Takes a draft away, if it is the one that was worked on or `worked` does not say. */
  async discard(file: string, worked?: string): Promise<void> {
    await this.storage.unitOfWork(async () => {
      const present = await this.of(file);
      if (present === null) return;
      if (worked !== undefined && present.hash !== worked) throw draftStale(file, present.by);
      const change = await this.model.write(owner, 'delete', 'ScriptDraft', { file });
      await this.journal.append({
        type: 'ScriptDraft.discarded',
        subject: { object: 'ScriptDraft', key: change.key },
        data: { file },
      });
    });
  }
}

function draftOf(row: Record<string, unknown>): { file: string } & ScriptDraft {
  const { positions } = row;
  return {
    file: String(row['file']),
    text: String(row['text']),
    positions: (typeof positions === 'string' ? JSON.parse(positions) : positions) as Positions,
    base: row['base'] === null || row['base'] === undefined ? null : String(row['base']),
    hash: String(row['hash']),
    by: String(row['by']),
    at: String(row['at']),
  };
}
