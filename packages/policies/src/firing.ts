import { actingAs, type Principal } from '@caruso/service-manager/contract';
import type { Change, JournalEvent } from '@caruso/storage-manager/contract';
import { consequenceFailed } from './errors.js';
import type { Consequence, Policy } from './policy.js';

/** What expressions of a policy see: the subject, how it was before, the event. */
export interface Facts {
  values: Record<string, unknown>;
  context: { now: Date; timezone: string };
}

/** Carries out the consequences of a policy, one after the other, as the policy itself. */
export async function fire(
  policy: Policy,
  facts: Facts,
  /** Names this firing; a consequence that came through before a crash is not doubled. */
  key: string,
  subject: { object: string; key: string } | undefined,
  call: (method: string, input: unknown) => Promise<unknown>,
): Promise<void> {
  for (const [index, consequence] of policy.consequences.entries()) {
    try {
      const input = inputOf(consequence, facts, `${key}/${index}`, subject);
      await actingAs(principalOf(policy.name), () => call(consequence.method, input));
    } catch (error) {
      throw consequenceFailed(policy.name, consequence.summary, error);
    }
  }
}

/** Whether the policy's condition holds; one without a condition always holds. */
export function holds(policy: Policy, facts: Facts): boolean {
  return policy.condition === undefined || policy.condition.evaluate(facts.values, facts.context) === true;
}

/** The change that an event made to its own subject. */
export function subjectChange(event: JournalEvent): Change | undefined {
  return event.changes.find((change) => change.object === event.subject?.object && change.key === event.subject.key);
}

function inputOf(
  consequence: Consequence,
  facts: Facts,
  once: string,
  subject: { object: string; key: string } | undefined,
): unknown {
  const given = consequence.input.evaluate(facts.values, facts.context);
  if (consequence.kind === 'set') return { ...subject, values: given };
  if (consequence.kind === 'call') return given;
  const { remind, to, at } = given as { remind: unknown; to: unknown; at: unknown };
  return { text: remind, to, at, once, ...(subject === undefined ? {} : { about: subject }) };
}

function principalOf(policy: string): Principal {
  return { kind: 'policy', id: policy, name: policy, roles: ['policy'] };
}
