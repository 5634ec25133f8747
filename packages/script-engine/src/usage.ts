import type { BusinessObjects } from '@caruso/business-objects/contract';
import type { Client } from '@caruso/service-manager/contract';
import type { z } from 'zod';
import type { Scripts, StepUsage, VersionUsage } from './contract.js';

type Question = z.output<(typeof Scripts)['methods']['usage']['input']>;
type Objects = Client<typeof BusinessObjects>;
type Rows = Awaited<ReturnType<Objects['aggregate']>>['rows'];

const hour = 3_600_000;
const counted = { name: 'count', kind: 'count' } as const;

/** How the ways a visit is left are told. */
const kinds = {
  answered: 'answered',
  back: 'back',
  signalled: 'otherwise',
  'taken over': 'otherwise',
  migrated: 'otherwise',
  'hung up': 'dropped',
} as const;

/**
 * How a script is used: what the visits that were left say, and the sessions that still wait. Read with the rights of who asks.
 *
 * @param now milliseconds
 */
export async function usage(objects: Objects, asked: Question, now: number): Promise<VersionUsage[]> {
  const versions = new Versions();
  const silent = `changedAt < datetime('${new Date(now - asked.silence * hour).toISOString()}')`;
  const asks = async (
    object: string,
    where: string,
    by: string[],
    measures: Parameters<Objects['aggregate']>[0]['measures'] = [counted],
  ) => {
    const params = {
      script_asked: asked.script,
      version_asked: asked.version ?? '',
      channel_asked: asked.channel ?? '',
    };
    return (await objects.aggregate({ object, where, params, by, measures })).rows;
  };

  versions.left(
    await asks(
      'ScriptVisit',
      within(asked, 'script', 'version', 'leftAt'),
      ['version', 'step', 'how'],
      [
        counted,
        { name: 'refusals', kind: 'sum', of: 'refusals' },
        { name: 'corrections', kind: 'count', where: 'corrected = true' },
        { name: 'duration', kind: 'sum', of: 'leftAt - arrivedAt' },
      ],
    ),
  );
  const started = within(asked, 'script', 'version', 'startedAt');
  versions.ended(await asks('ScriptSession', `${started} and state = 'ended'`, ['version', 'outcome']));
  const standing = within(asked, 'stepScript', 'stepVersion', 'changedAt');
  for (const kind of ['dropped', 'waiting'] as const) {
    const open = `state <> 'ended' and ${kind === 'dropped' ? silent : `not (${silent})`}`;
    versions.open(kind, await asks('ScriptSession', `${started} and ${open}`, ['version']));
    versions.standing(
      kind,
      await asks('ScriptSession', `${standing} and ${open}`, ['stepVersion', 'step', 'refusals']),
    );
  }
  return versions.list();
}

/** A condition for what is asked; times are known to be ISO. */
function within({ version, channel, from, until }: Question, script: string, versions: string, at: string): string {
  return [
    `${script} = script_asked`,
    ...(version === undefined ? [] : [`${versions} = version_asked`]),
    ...(channel === undefined ? [] : ['channel = channel_asked']),
    ...(from === undefined ? [] : [`${at} >= datetime('${from}')`]),
    ...(until === undefined ? [] : [`${at} < datetime('${until}')`]),
  ].join(' and ');
}

/** Adds up what was read. */
class Versions {
  readonly #versions = new Map<
    string,
    VersionUsage & { byStep: Map<string, StepUsage & { left: number; time: number }> }
  >();

  left(rows: Rows): void {
    for (const { by, measures } of rows) {
      const step = this.#step(by['version'], by['step']);
      const visits = Number(measures['count']);
      step.visits += visits;
      step[kinds[by['how'] as keyof typeof kinds]] += visits;
      step.refusals += Number(measures['refusals']);
      step.corrections += Number(measures['corrections']);
      step.left += visits;
      step.time += Number(measures['duration']);
    }
  }

  ended(rows: Rows): void {
    for (const { by, measures } of rows) {
      const version = this.#version(by['version']);
      const sessions = Number(measures['count']);
      version.sessions += sessions;
      // A customer who is gone came to no end.
      if (by['outcome'] === 'hung-up') version.dropped += sessions;
      else version.outcomes.push({ outcome: String(by['outcome']), sessions });
    }
  }

  open(kind: 'dropped' | 'waiting', rows: Rows): void {
    for (const { by, measures } of rows) {
      const version = this.#version(by['version']);
      version.sessions += Number(measures['count']);
      version[kind] += Number(measures['count']);
    }
  }

  standing(kind: 'dropped' | 'waiting', rows: Rows): void {
    for (const { by, measures } of rows) {
      const step = this.#step(by['stepVersion'], by['step']);
      const sessions = Number(measures['count']);
      step.visits += sessions;
      step[kind] += sessions;
      step.refusals += sessions * Number(by['refusals'] ?? 0);
    }
  }

  list(): VersionUsage[] {
    return [...this.#versions.values()].map(({ byStep, ...version }) => ({
      ...version,
      steps: [...byStep.values()].map(({ left, time, ...step }) => {
        return { ...step, duration: left === 0 ? null : Math.round(time / left) };
      }),
    }));
  }

  #version(name: unknown) {
    const version = String(name);
    const known = this.#versions.get(version);
    if (known !== undefined) return known;
    const outcomes: VersionUsage['outcomes'] = [];
    const made = { version, sessions: 0, outcomes, dropped: 0, waiting: 0, steps: [], byStep: new Map() };
    this.#versions.set(version, made);
    return made;
  }

  #step(version: unknown, name: unknown) {
    const { byStep } = this.#version(version);
    const step = String(name);
    const known = byStep.get(step);
    if (known !== undefined) return known;
    const made = {
      step,
      visits: 0,
      answered: 0,
      back: 0,
      otherwise: 0,
      dropped: 0,
      waiting: 0,
      refusals: 0,
      corrections: 0,
      duration: null,
      left: 0,
      time: 0,
    };
    byStep.set(step, made);
    return made;
  }
}
