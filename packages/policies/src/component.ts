import { BusinessObjects, Model } from '@caruso/business-objects/contract';
import { formatFault } from '@caruso/declarations';
import { Declarations } from '@caruso/declarations/contract';
import type { ValueType } from '@caruso/expressions';
import { defineComponent, need } from '@caruso/service-manager/contract';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { z } from 'zod';
import { compilePolicies } from './compile-policies.js';
import { Policies, Reminders } from './contract.js';
import type { Policy } from './policy.js';
import { PolicyRunner } from './policy-runner.js';
import { ReminderKeeper } from './reminder-keeper.js';

export default defineComponent({
  provides: { policies: Policies, reminders: Reminders },
  version: '1.0.0',
  needs: {
    declarations: need(Declarations, '^1.0'),
    storage: need(Storage, '^1.0'),
    journal: need(Journal, '^1.0'),
    model: need(Model, '^1.0'),
    objects: need(BusinessObjects, '^1.0'),
  },
  config: z.strictObject({}),
  create: ({ needs, clock, ids, log, services, effect }) => {
    const { declarations, storage, journal, model, objects } = needs;
    const timezone = () => declarations.folder().manifest.timezone;
    const keeper = new ReminderKeeper({ storage, journal, model, objects, clock, ids, log });
    const runner = new PolicyRunner({ journal, model, objects, services, clock, log, timezone });
    let current: Policy[] = [];

    /** A file with a fault leaves the policies as they are: half a rule is worse than yesterday's. */
    const load = async () => {
      // Methods are checked by `caruso check`: here a provider may simply not have arrived yet.
      const types = {
        objects: model.expressionTypes() as Record<string, Record<string, ValueType>>,
        methods: undefined,
      };
      const { policies, faults } = compilePolicies(declarations.folder().sources('policies'), types);
      for (const fault of faults) log.error({ fault: formatFault(fault) }, 'a policy has a fault');
      const faulty = new Set(faults.map((fault) => fault.file));
      const kept = current.filter(
        (policy) => faulty.has(policy.file) && !policies.some((each) => each.name === policy.name),
      );
      current = [...policies, ...kept];
      await runner.apply(current);
    };
    let loading = Promise.resolve();
    const reload = () => {
      loading = loading
        .then(load)
        .catch((error: unknown) => log.error({ error: String(error) }, 'policies could not be loaded'));
    };

    return {
      started: async () => {
        effect('policies', () => runner.stop());
        effect('reminders', () => keeper.stop());
        // Not at a change of the declarations: the model of before would not know what is new in both.
        effect('model listener', model.onChange(reload));
        await load();
        await keeper.plan();
      },
      handlers: {
        policies: {
          list: () => ({
            policies: runner.policies.map(({ policy, counts }) => ({
              policy: policy.name,
              file: policy.file,
              on: policy.every === undefined ? policy.on : [policy.every],
              condition: policy.condition?.source ?? null,
              does: policy.consequences.map((consequence) => consequence.summary),
              ...counts,
            })),
          }),
        },
        reminders: {
          create: (reminder) => keeper.create(reminder),
          mine: async (_input, call) => ({ reminders: await keeper.of(call.principal) }),
          done: ({ id }, call) => keeper.done(id, call.principal),
        },
      },
      inspect: () => ({ policies: runner.policies.length }),
    };
  },
});
