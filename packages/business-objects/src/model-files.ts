import type { Fault, Source } from '@caruso/declarations';
import { CarusoError } from '@caruso/service-manager/contract';
import type { MigrationPlan, StorageApi } from '@caruso/storage-manager/contract';
import { type CompiledModelFiles, compileModel } from './compile-model.js';
import type { ModelFilesApi } from './contract.js';
import type { Engine } from './engine.js';
import { storedObjects } from './model.js';
import { wantedTables } from './wanted-table.js';

/** The contract `model-files`: model files against the databases there are, apart from the model that serves. */
export class ModelFilesService implements ModelFilesApi {
  constructor(
    private readonly engine: Engine,
    private readonly storage: StorageApi,
    private readonly currency: string | undefined,
  ) {}

  check(files: readonly Source[]): Fault[] {
    return this.#compile(files).faults;
  }

  async plan(files: readonly Source[]): Promise<MigrationPlan[]> {
    const { model } = this.#compile(files);
    const used = new Set(storedObjects(model).map(({ database }) => database));
    const plans: MigrationPlan[] = [];
    for (const { name, managed } of this.storage.databases()) {
      if (!managed || !used.has(name)) continue;
      try {
        plans.push(await this.storage.plan(name, wantedTables(model, name)));
      } catch (error) {
        if (!(error instanceof CarusoError) || error.code !== 'DATABASE_UNREACHABLE') throw error;
        plans.push({ database: name, steps: [], notes: [error.message] });
      }
    }
    return plans;
  }

  async migrate(
    files: readonly Source[],
    wanted: Parameters<ModelFilesApi['migrate']>[1],
  ): Promise<{ backups: string[] }> {
    const backups: string[] = [];
    for (const plan of await this.plan(files)) {
      const steps = plan.steps.filter(({ kind, statement }) =>
        wanted === 'add' ? kind === 'add' : kind === 'remove' && wanted.lose.includes(statement),
      );
      if (steps.length === 0) continue;
      const { backup } = await this.storage.migrate({ ...plan, steps }, { allowLoss: wanted !== 'add' });
      if (backup !== undefined) backups.push(backup);
    }
    return { backups };
  }

  columns(object: string, attribute: string): string[] {
    const found = this.engine.state.model.objects.get(object)?.attributes.get(attribute);
    return (found?.columns ?? []).map(({ name }) => name);
  }

  #compile(files: readonly Source[]): CompiledModelFiles {
    const databases = Object.fromEntries(this.storage.databases().map(({ name, managed }) => [name, { managed }]));
    return compileModel(files, { databases, currency: this.currency });
  }
}
