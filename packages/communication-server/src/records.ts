import type { ModelApi } from '@caruso/business-objects/contract';
import type { Clock, Ids } from '@caruso/service-manager/contract';
import type { JournalApi, StorageApi } from '@caruso/storage-manager/contract';
import { AgentRow } from './agent-row.js';
import { InteractionRow } from './interaction-row.js';
import { MessageRow } from './message-row.js';
import { Work } from './work.js';

/** Name under which the model files say who writes these objects. */
export const owner = 'communication';

interface Committed {
  interactions: Iterable<InteractionRow>;
  agents: Iterable<AgentRow>;
}

export interface RecordsOptions {
  storage: StorageApi;
  journal: JournalApi;
  model: ModelApi;
  clock: Clock;
  ids: Ids;
  /** Told, in order, what has been committed. */
  committed: (rows: Committed) => void;
}

/** The stored interactions, segments, messages and agents. Every change goes through `work`. */
export class Records {
  readonly #options: RecordsOptions;

  constructor(options: RecordsOptions) {
    this.#options = options;
  }

  /**
   * Runs a change as one unit of work, after every earlier change: what it reads nobody else changes until it is committed. Joins a unit
   * of work that is running already.
   */
  async work<T>(run: (work: Work) => Promise<T>): Promise<T> {
    const { storage, journal, model, clock, ids } = this.#options;
    return storage.unitOfWork(async () => {
      await storage.lock('communication');
      const work = new Work({ journal, model, clock, ids, records: this });
      const result = await run(work);
      work.assertJournaled();
      storage.afterCommit(() => this.#options.committed(work));
      return result;
    });
  }

  async interaction(id: string): Promise<InteractionRow | null> {
    const [found] = await this.#options.model.load('Interaction', 'id = wanted', { wanted: id });
    return found === undefined ? null : InteractionRow.parse(found);
  }

  async agent(agent: string): Promise<AgentRow | null> {
    const [found] = await this.#options.model.load('Agent', 'agent = wanted', { wanted: agent });
    return found === undefined ? null : AgentRow.parse(found);
  }

  /** What is with an agent or offered to it. */
  async workOf(agent: string): Promise<InteractionRow[]> {
    const where =
      "(state = 'offered' and leaseAgent = wanted) or (agent = wanted and (state = 'active' or state = 'held' or state = 'wrap-up'))";
    const rows = await this.#options.model.load('Interaction', where, { wanted: agent });
    return rows.map((row) => InteractionRow.parse(row));
  }

  /** Everything that is not at its end. */
  async live(): Promise<{ interactions: InteractionRow[]; agents: AgentRow[] }> {
    const where = "not (state = 'done' or state = 'abandoned' or state = 'failed')";
    const interactions = await this.#options.model.load('Interaction', where);
    const agents = await this.#options.model.load('Agent', "agent <> ''");
    return {
      interactions: interactions.map((row) => InteractionRow.parse(row)),
      agents: agents.map((row) => AgentRow.parse(row)),
    };
  }

  /** The messages of an interaction, oldest first. */
  async messages(interaction: string): Promise<MessageRow[]> {
    const rows = await this.#options.model.load('Message', 'interaction = wanted', { wanted: interaction });
    return rows.map((row) => MessageRow.parse(row)).sort((a, b) => a.number - b.number);
  }

  async message(id: string): Promise<MessageRow | null> {
    const [found] = await this.#options.model.load('Message', 'id = wanted', { wanted: id });
    return found === undefined ? null : MessageRow.parse(found);
  }

  async messageFrom(origin: string): Promise<MessageRow | null> {
    const [found] = await this.#options.model.load('Message', 'origin = wanted', { wanted: origin });
    return found === undefined ? null : MessageRow.parse(found);
  }

  /** The last contact with an address that a dialog concluded, without a person. */
  async concluded(channel: string, address: string): Promise<InteractionRow | null> {
    const where = "channel = on_channel and contactAddress = at_address and state = 'done' and agent = null";
    const rows = await this.#options.model.load('Interaction', where, { on_channel: channel, at_address: address });
    const found = rows.map((row) => InteractionRow.parse(row)).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    return found.at(-1) ?? null;
  }

  async load(object: string, where: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>[]> {
    return this.#options.model.load(object, where, params);
  }
}
