import { type Fault, type Locate, locateExpression, type Path, readYaml, type Source } from '@caruso/declarations';
import { type CompileOptions, compile, didYouMean, type Expression, type Node, type Schema } from '@caruso/expressions';
import type { SkillNeed } from './interaction-row.js';
import { type ChannelRoute, emptyPlan, type Queue, type QueuePlan } from './queue-plan.js';
import { QueuesFile } from './queues-file.js';
import type { RelaxStep } from './routing-snapshot.js';

/**
 * Reads queues.yaml and checks it: names of queues and skills, levels, expressions against the model.
 *
 * @param scripts names of the dialog scripts; undefined leaves them unchecked
 * @param objects attributes of the business objects as expression types; undefined leaves expressions over `customer` unchecked
 * @example
 * const { plan, faults } = compileQueues(folder.sources('queues'), model.expressionTypes());
 */
export function compileQueues(
  sources: readonly Source[],
  objects: Schema['objects'] | undefined,
  scripts?: readonly string[],
): { plan: QueuePlan; faults: Fault[] } {
  const read = readYaml(sources, QueuesFile);
  if (sources.length === 0 || read.value === undefined) return { plan: emptyPlan, faults: read.faults };
  const compiler = new Compiler(read.value, read.locate, objects, scripts);
  const plan = compiler.plan();
  return { plan, faults: [...read.faults, ...compiler.faults] };
}

class Compiler {
  readonly faults: Fault[] = [];
  readonly #file: QueuesFile;
  readonly #locate: Locate;
  readonly #schema: Schema;
  readonly #objects: Schema['objects'] | undefined;

  constructor(
    file: QueuesFile,
    locate: Locate,
    objects: Schema['objects'] | undefined,
    readonly scripts: readonly string[] | undefined,
  ) {
    this.#file = file;
    this.#locate = locate;
    this.#objects = objects;
    this.#schema = routingSchema(file.contacts?.object, objects);
  }

  plan(): QueuePlan {
    const file = this.#file;
    const queues = new Map(Object.keys(file.queues).map((name) => [name, this.#queue(name)]));
    const channels = new Map(Object.keys(file.channels).map((name) => [name, this.#channel(name)]));
    this.#contacts();
    return {
      skills: new Map(Object.entries(file.skills)),
      queues: queues.size === 0 ? emptyPlan.queues : queues,
      channels,
      contacts: file.contacts ?? null,
      missedOffers: file.offer.missed,
      ageingMs: file.ageing,
      presence: file.presence,
      dispositions: file.dispositions,
    };
  }

  #queue(name: string): Queue {
    const file = this.#file.queues[name] as NonNullable<QueuesFile['queues'][string]>;
    const at: Path = ['queues', name];
    file.needs.forEach((need, index) => {
      this.#need(need, [...at, 'needs', index]);
    });
    file.relax.forEach((step, index) => {
      const where = [...at, 'relax', index];
      if ('to' in step) this.#known('queue', step.to, Object.keys(this.#file.queues), [...where, 'to']);
      else step.needs.forEach((need, each) => this.#need(need, [...where, 'needs', each]));
    });
    return {
      name,
      label: file.label ?? name,
      rule: {
        queue: name,
        hours: file.hours,
        relax: [...file.relax].sort((left: RelaxStep, right: RelaxStep) => left.after - right.after),
        offerMs: file.offer ?? this.#file.offer.expires,
      },
      needs: file.needs,
      priority: file.priority === undefined ? null : this.#expression(file.priority, [...at, 'priority'], 'number'),
      target: file.target === undefined ? null : { withinMs: file.target['answered within'], share: file.target.share },
      wrapUp: file.wrapUp ?? null,
    };
  }

  #channel(name: string): ChannelRoute {
    const file = this.#file.channels[name] as NonNullable<QueuesFile['channels'][string]>;
    const at: Path = ['channels', name, 'queue'];
    if (file.script !== undefined && this.scripts !== undefined) {
      this.#known('dialog script', file.script, this.scripts, ['channels', name, 'script']);
    }
    const said = { greeting: file.greeting ?? null, closed: file.closed ?? null, script: file.script ?? null };
    if (/^[\w-]+$/.test(file.queue)) {
      this.#known('queue', file.queue, Object.keys(this.#file.queues), at);
      return { queue: { name: file.queue }, ...said };
    }
    const expression = this.#expression(file.queue, at, 'text');
    if (expression === null) return { queue: { name: '' }, ...said };
    for (const result of results(expression.tree)) {
      if (result.kind !== 'literal' || typeof result.value !== 'string') continue;
      this.#known('queue', result.value, Object.keys(this.#file.queues), at, result.offset + 1);
    }
    return { queue: { expression }, ...said };
  }

  #contacts(): void {
    const contacts = this.#file.contacts;
    if (contacts === undefined || this.#objects === undefined) return;
    if (!this.#known('business object', contacts.object, Object.keys(this.#objects), ['contacts', 'object'])) return;
    const attributes = Object.keys(this.#objects[contacts.object] ?? {});
    for (const [channel, attribute] of Object.entries(contacts.match)) {
      this.#known(`attribute of ${contacts.object}`, attribute, attributes, ['contacts', 'match', channel]);
    }
  }

  #need(need: SkillNeed, at: Path): void {
    if (!this.#known('skill', need.skill, Object.keys(this.#file.skills), at)) return;
    const range = this.#file.skills[need.skill];
    if (range === undefined || (need.level >= range.from && need.level <= range.to)) return;
    this.#fault(
      this.#locate(at),
      'SKILL_LEVEL',
      `level ${need.level} of skill '${need.skill}' lies outside ${range.from}..${range.to}`,
      `ask for a level from ${range.from} to ${range.to}`,
    );
  }

  /** Notes a fault unless the name is known. */
  #known(kind: string, name: string, names: readonly string[], at: Path, offset?: number): boolean {
    if (names.includes(name)) return true;
    const remedy = didYouMean(name, names, `one of: ${names.join(', ') || 'none is declared'}`);
    const place = offset === undefined ? this.#locate(at) : locateExpression(this.#locate, at, offset);
    this.#fault(place, 'NAME_UNKNOWN', `unknown ${kind} '${name}'`, remedy);
    return false;
  }

  #expression(source: string, at: Path, expects: NonNullable<CompileOptions['expects']>): Expression | null {
    const compiled = compile(source, this.#schema, { expects });
    if (compiled.ok) return compiled.expression;
    for (const fault of compiled.faults) {
      this.#fault(locateExpression(this.#locate, at, fault.offset), fault.code, fault.message, fault.remedy);
    }
    return null;
  }

  #fault(place: { file: string; line: number; column: number }, code: string, message: string, remedy: string): void {
    this.faults.push({ ...place, code, message, remedy, severity: 'error' });
  }
}

/** What routing expressions may name. */
function routingSchema(object: string | undefined, objects: Schema['objects'] | undefined): Schema {
  const typed = object !== undefined && objects !== undefined && Object.hasOwn(objects, object);
  return {
    variables: {
      subject: 'text',
      text: 'text',
      channel: 'text',
      to: 'text',
      ...(object === undefined ? {} : { customer: typed ? { object } : 'any' }),
    },
    ...(objects === undefined ? {} : { objects }),
  };
}

/** The values an expression may give: both branches of a choice, else itself. */
function results(node: Node): Node[] {
  return node.kind === 'ternary' ? [...results(node.whenTrue), ...results(node.whenFalse)] : [node];
}
