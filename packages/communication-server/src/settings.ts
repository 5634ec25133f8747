import type { ModelApi } from '@caruso/business-objects/contract';
import { type Fault, formatFault, hasErrors } from '@caruso/declarations';
import type { DeclarationsApi, Folder } from '@caruso/declarations/contract';
import type { Schema } from '@caruso/expressions';
import type { Log } from '@caruso/service-manager/contract';
import { type CampaignPlan, compileCampaigns } from './campaign-file.js';
import { compileQueues } from './compile-queues.js';
import { emptyPlan, type QueuePlan } from './queue-plan.js';

/** The declared queues and campaigns, read again when the declarations change. A faulty change leaves the last good one in force. */
export class Settings {
  readonly #declarations: DeclarationsApi;
  readonly #model: ModelApi;
  readonly #log: Log;
  queues: QueuePlan = emptyPlan;
  campaigns: ReadonlyMap<string, CampaignPlan> = new Map();
  faults: Fault[] = [];

  constructor(declarations: DeclarationsApi, model: ModelApi, log: Log) {
    this.#declarations = declarations;
    this.#model = model;
    this.#log = log;
    this.load(declarations.folder());
  }

  get timezone(): string {
    return this.#declarations.folder().manifest.timezone;
  }

  load(folder: Folder): void {
    // The model speaks of types in the words of the expression language.
    const objects = this.#model.expressionTypes() as NonNullable<Schema['objects']>;
    const queues = compileQueues(folder.sources('queues'), objects);
    const campaigns = compileCampaigns(folder.sources('campaigns'), objects);
    this.faults = [...queues.faults, ...campaigns.faults];
    for (const fault of this.faults) this.#log.error({ fault }, formatFault(fault));
    if (!hasErrors(queues.faults)) this.queues = queues.plan;
    if (!hasErrors(campaigns.faults)) this.campaigns = campaigns.campaigns;
  }
}
