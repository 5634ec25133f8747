import { type Fault, folderOf, formatFault, type Source } from '@caruso/declarations';
import {
  type Client,
  type Clock,
  currentCall,
  type HandledCall,
  type Handlers,
  type Ids,
  type Log,
  systemClock,
} from '@caruso/service-manager/contract';
import type { JournalApi, StorageApi } from '@caruso/storage-manager/contract';
import { AttachmentStreams } from './attachments.js';
import { findBy } from './batch-read.js';
import { createAll, updateAll } from './batch-write.js';
import { type AttachmentsApi, type BatchApi, BusinessObjects, type ModelApi, type ModelFilesApi } from './contract.js';
import { Engine } from './engine.js';
import { recordsByKeys } from './finder.js';
import { ModelFilesService } from './model-files.js';
import { ModelReadings } from './model-readings.js';
import { ModelService } from './model-service.js';
import { objectsService } from './objects-service.js';
import { prepareModel } from './prepare.js';

export interface CreateObjectsOptions {
  storage: StorageApi;
  journal: JournalApi;
  ids: Ids;
  /** Model files by name: `{ 'customer.yaml': 'object: Customer ...' }`, or sources of a folder. */
  model: Readonly<Record<string, string>> | readonly Source[];
  clock?: Clock;
  log?: Log;
  /** IANA; default UTC. */
  timezone?: string | (() => string);
  /** Currency of money that names none, ISO 4217. */
  currency?: string | undefined;
}

export interface OpenObjects {
  /** As a client: inputs are parsed, the rights are those of the current call's principal. */
  objects: Client<typeof BusinessObjects>;
  handlers: Handlers<typeof BusinessObjects>;
  model: ModelApi;
  batch: BatchApi;
  attachments: AttachmentsApi;
  modelFiles: ModelFilesApi;
  faults: Fault[];
  /** Puts other model files in place, as a saved file does. */
  reload(model: CreateObjectsOptions['model']): Promise<Fault[]>;
  /** Looks again at legacy databases that did not answer. */
  recheck(): Promise<void>;
  inspect(): object;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Opens business objects over storage: compiles the model, migrates managed databases, serves.
 *
 * @example
 * const { storage, journal, close } = await createStorage({ databases: { main: 'sqlite::memory:' }, ids });
 * const { objects } = await createObjects({ storage, journal, ids, model: { 'customer.yaml': 'object: Customer\n...' } });
 * await objects.create({ object: 'Customer', values: { customerNo: 'C000001', name: 'Ada' } });
 */
export async function createObjects(options: CreateObjectsOptions): Promise<OpenObjects> {
  const { storage, journal, ids, clock = systemClock, log = silent, timezone = 'UTC' } = options;
  const parts = { storage, log, currency: options.currency, readings: new ModelReadings() };
  let sources = sourcesOf(options.model);
  let prepared = await prepareModel(parts, sources);
  const zone = typeof timezone === 'function' ? timezone : () => timezone;
  const engine = new Engine({ storage, journal, clock, ids, log, timezone: zone }, prepared.model);
  const model = new ModelService(engine);
  const handlers = objectsService(engine);
  const batch: BatchApi = {
    create: (object, rows, { anyway = false } = {}) => createAll(engine, object, rows, anyway),
    update: (object, changes, { anyway = false } = {}) => updateAll(engine, object, changes, anyway),
    get: async (name, keys) => {
      const caller = engine.caller();
      return recordsByKeys(engine, caller, engine.object(caller, name).object, keys);
    },
    findBy: (object, attributes, rows) => findBy(engine, object, attributes, rows),
  };
  const load = async (): Promise<Fault[]> => {
    prepared = await prepareModel(parts, sources);
    engine.replace(prepared.model);
    model.changed();
    return prepared.faults;
  };
  return {
    objects: clientOf(handlers),
    handlers,
    model,
    batch,
    attachments: new AttachmentStreams(engine),
    modelFiles: new ModelFilesService(engine, storage, options.currency),
    faults: prepared.faults,
    reload(files) {
      sources = sourcesOf(files);
      return load();
    },
    async recheck() {
      const reachable = new Set(storage.databases().flatMap(({ name, reachable: up }) => (up ? [name] : [])));
      if (prepared.uncompared.some((name) => reachable.has(name))) await load();
    },
    inspect: () => ({
      version: engine.state.version,
      objects: engine.state.model.objects.size,
      refused: Object.fromEntries(engine.state.model.refused),
      faults: prepared.faults.map(formatFault),
      waitingFor: prepared.uncompared,
      statements: engine.state.statements.size,
    }),
  };
}

function sourcesOf(model: CreateObjectsOptions['model']): Source[] {
  if (Array.isArray(model)) return [...(model as readonly Source[])];
  const files = Object.entries(model as Readonly<Record<string, string>>).map(
    ([name, text]) => [`model/${name}`, text] as const,
  );
  return folderOf(Object.fromEntries(files)).sources('model');
}

/** Handlers as a client: parses inputs as the service manager does. */
function clientOf(handlers: Handlers<typeof BusinessObjects>): Client<typeof BusinessObjects> {
  const { methods } = BusinessObjects;
  return {
    describe: async (input) => handlers.describe(methods.describe.input.parse(input), handled()),
    create: async (input) => handlers.create(methods.create.input.parse(input), handled()),
    get: async (input) => handlers.get(methods.get.input.parse(input), handled()),
    find: async (input) => handlers.find(methods.find.input.parse(input), handled()),
    related: async (input) => handlers.related(methods.related.input.parse(input), handled()),
    update: async (input) => handlers.update(methods.update.input.parse(input), handled()),
    delete: async (input) => handlers.delete(methods.delete.input.parse(input), handled()),
    bulk: async (input) => handlers.bulk(methods.bulk.input.parse(input), handled()),
    link: async (input) => handlers.link(methods.link.input.parse(input), handled()),
    unlink: async (input) => handlers.unlink(methods.unlink.input.parse(input), handled()),
    tags: async (input) => handlers.tags(methods.tags.input.parse(input), handled()),
    restore: async (input) => handlers.restore(methods.restore.input.parse(input), handled()),
    reveal: async (input) => handlers.reveal(methods.reveal.input.parse(input), handled()),
    notes: async (input) => handlers.notes(methods.notes.input.parse(input), handled()),
    addNote: async (input) => handlers.addNote(methods.addNote.input.parse(input), handled()),
    removeNote: async (input) => handlers.removeNote(methods.removeNote.input.parse(input), handled()),
    attachments: async (input) => handlers.attachments(methods.attachments.input.parse(input), handled()),
    detach: async (input) => handlers.detach(methods.detach.input.parse(input), handled()),
    history: async (input) => handlers.history(methods.history.input.parse(input), handled()),
    aggregate: async (input) => handlers.aggregate(methods.aggregate.input.parse(input), handled()),
  };
}

function handled(): HandledCall {
  const { id, principal, signal = new AbortController().signal } = currentCall();
  return { id, principal, signal };
}
