import type { Fault, Source } from '@caruso/declarations/contract';
import { defineLocalContract } from '@caruso/service-manager/contract';
import type { MigrationPlan } from '@caruso/storage-manager/contract';

/** What model files would make of the front office, for tools that change them. Nothing here changes what the model that serves says. */
export interface ModelFilesApi {
  /** Everything wrong with the files, without a look into a database. */
  check(files: readonly Source[]): Fault[];
  /** What managed databases lack for the files. Of an unreachable one it is a note of its plan. */
  plan(files: readonly Source[]): Promise<MigrationPlan[]>;
  /**
   * Takes steps of the plan for the files: those that only add, or those that lose data and are named (by their statements). Throws
   * MIGRATION_STEP_FAILED.
   */
  migrate(files: readonly Source[], steps: 'add' | { lose: readonly string[] }): Promise<{ backups: string[] }>;
  /** The columns in which the model that serves stores an attribute; none of what is computed or unknown. */
  columns(object: string, attribute: string): string[];
}

export const ModelFiles = defineLocalContract<ModelFilesApi>()({
  id: 'model-files',
  version: '1.0.0',
  methods: ['check', 'plan', 'migrate', 'columns'],
});
