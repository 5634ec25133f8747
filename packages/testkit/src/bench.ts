import assert from 'node:assert/strict';
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import type { Method, Provides, VirtualClock } from '@caruso/service-manager/contract';
import { unclear } from './clear-error.js';
import { collectGarbage } from './garbage.js';
import type { Disorder, LegacySystem } from './legacy-system.js';
import { Neighbour } from './neighbour.js';
import { outcomeOf, until } from './outcome.js';
import { contractsIn, type RunningWrapper, startWrapper } from './start-wrapper.js';
import type { WrapperSuite } from './suite-definition.js';

/** Milliseconds of real time for what must happen by itself. */
export const PATIENCE = 5_000;
/** How much of a flood a wrapper may take in, in bytes. */
const SWALLOWED = 256 * 1024 * 1024;
const TIMEOUT = 10_000;
const NOTICES = 300_000;
/** Virtual milliseconds from one attempt to the next while the suite waits for the wrapper to come round. */
const STEP = 5_000;
/** In what steps virtual time passes meanwhile, in milliseconds. */
const SMALL = 500;

/** What a disorder is called in the name of a test. */
export const PHRASES: Record<Disorder, string> = {
  down: 'is down',
  hangs: 'hangs',
  fails: 'fails',
  page: 'answers with a page for people',
  lies: 'lies',
  truncates: 'answers by half',
  cuts: 'breaks off',
  floods: 'floods',
  drips: 'drips',
};

interface Target {
  name: string;
  method: Method;
  input: () => object;
  call(input: unknown, options?: { timeout?: number; signal?: AbortSignal; id?: string }): Promise<unknown>;
}

/** A wrapper with its legacy system and a neighbour in the same service manager. */
export class Bench {
  readonly #suite: WrapperSuite;
  readonly #legacy: LegacySystem;
  #wrapper: RunningWrapper<Provides> | undefined;
  readonly #neighbour = new Neighbour();

  private constructor(suite: WrapperSuite, legacy: LegacySystem) {
    this.#suite = suite;
    this.#legacy = legacy;
  }

  static async open(suite: WrapperSuite): Promise<Bench> {
    return new Bench(suite, await suite.legacy());
  }

  async close(): Promise<void> {
    await this.#legacy.restore();
    await this.#wrapper?.stop();
    await this.#legacy.close();
  }

  async answersEverything(): Promise<void> {
    await this.#start();
    for (const target of this.#targets()) {
      const { success, error } = target.method.output.safeParse(await target.call(target.input()));
      assert.ok(success, `${target.name} answered what its contract does not allow: ${error?.message}`);
    }
  }

  async answersTwice(): Promise<void> {
    await this.#start();
    for (const target of this.#targets()) {
      if (target.method.idempotent !== true || this.#suite.varying?.includes(target.name) === true) continue;
      const input = target.input();
      const first = await target.call(input, { id: `twice-${target.name}` });
      const second = await target.call(input, { id: `twice-${target.name}` });
      assert.deepEqual(second, first, `${target.name} says it is idempotent, and answers the same call otherwise`);
    }
  }

  async refusesInvalidInput(): Promise<void> {
    await this.#start();
    // What the wrapper asks of its own accord when it starts is no call.
    await sleep(100);
    await until(() => this.#open.length === 0, PATIENCE, 'it asks without an end');
    for (const target of this.#targets()) {
      const before = this.#legacy.traffic()?.arrived;
      const outcome = await outcomeOf(target.call('not what was asked for'), this.#clock, { patience: PATIENCE });
      assert.equal(
        (outcome.error as { code?: string } | undefined)?.code,
        'INPUT_INVALID',
        `${target.name} takes any input`,
      );
      assert.equal(this.#legacy.traffic()?.arrived, before, `the legacy system was asked by an invalid ${target.name}`);
    }
  }

  async bears(disorder: Disorder): Promise<void> {
    if (!this.#legacy.disorders.includes(disorder)) return;
    await this.#start();
    const known = await this.#answers();
    await this.#neighbour.beside(async () => {
      await this.#legacy.disturb(disorder);
      if (this.#suite.meanwhile === 'remembers') await this.#remembers(disorder, known);
      else for (const target of this.#targets()) await this.#failsClearly(target, disorder);
      await this.#hasLetGo(disorder);
      const sent = this.#legacy.traffic()?.sent ?? 0;
      assert.ok(sent < SWALLOWED, `it took in ${sent} bytes of a flood`);
      await this.#legacy.restore();
      await this.#servesAgain();
    });
  }

  async tellsHealth(): Promise<void> {
    await this.#start();
    assert.equal(this.#running.node().state, 'active', `it is ${this.#reason()} although all is well`);
    for (const disorder of ['down', 'hangs', 'fails'] as const) {
      if (!this.#legacy.disorders.includes(disorder) || this.#suite.except?.includes(disorder) === true) continue;
      await this.#legacy.disturb(disorder);
      await this.#becomes('degraded', `the legacy system ${PHRASES[disorder]}`);
      assert.ok((this.#running.node().reason ?? '') !== '', 'it is degraded and does not say why');
      await this.#legacy.restore();
      await this.#becomes('active', `the legacy system ${PHRASES[disorder]} no more`);
    }
  }

  async startsWithout(): Promise<void> {
    await this.#legacy.disturb('down');
    await this.#start();
    for (const target of this.#targets()) await this.#failsClearly(target, 'down');
    await this.#legacy.restore();
    await this.#servesAgain();
  }

  async letsGo(): Promise<void> {
    if (this.#legacy.traffic() === undefined) return;
    await this.#start();
    for (const target of this.#targets()) {
      await this.#legacy.disturb('hangs');
      const before = this.#legacy.traffic()?.arrived ?? 0;
      const caller = new AbortController();
      const answer = target.call(target.input(), { signal: caller.signal });
      answer.catch(() => undefined);
      await until(() => (this.#legacy.traffic()?.arrived ?? 0) > before, PATIENCE, `${target.name} did not ask`);
      caller.abort();
      const outcome = await outcomeOf(answer, this.#clock, { patience: PATIENCE });
      assert.ok(outcome.error !== undefined, `${target.name} answered although nothing was said`);
      await this.#hasLetGo('hangs');
      await this.#legacy.restore();
      await this.#servesAgain();
    }
  }

  async isReplaced(): Promise<void> {
    await this.#start();
    const targets = this.#targets();
    const first = this.#running.node().generation;
    const load = { on: true };
    let answered = 0;
    const failed: string[] = [];
    const caller = async (target: Target): Promise<void> => {
      while (load.on) {
        await target.call(target.input()).then(
          () => answered++,
          (error: unknown) => failed.push(`${target.name}: ${String(error)}`),
        );
        // A wrapper that answers from memory would leave nobody else a turn.
        await breathe();
      }
    };
    const callers = targets.flatMap((target) => [caller(target), caller(target), caller(target)]);
    for (let time = 0; time < 5; time++) {
      const enough = answered + targets.length;
      await until(() => answered + failed.length >= enough, PATIENCE, 'no call is answered under load');
      await this.#running.replace();
    }
    load.on = false;
    await Promise.all(callers);
    assert.deepEqual(failed, [], 'calls were lost');
    assert.equal(this.#running.node().generation, first + 5);
    assert.deepEqual(this.#running.node().leaks ?? [], [], 'it leaks');
  }

  async #start(): Promise<void> {
    const { component, config, name, needs } = this.#suite;
    this.#wrapper = await startWrapper(component, {
      config: config(this.#legacy.address) as never,
      needs: { ...needs, neighbour: this.#neighbour.component },
      ...(name === undefined ? {} : { name }),
    });
    this.#neighbour.joined(this.#wrapper.manager);
  }

  get #running(): RunningWrapper<Provides> {
    assert.ok(this.#wrapper !== undefined);
    return this.#wrapper;
  }

  get #clock(): VirtualClock {
    return this.#running.clock;
  }

  get #open(): readonly string[] {
    return this.#legacy.traffic()?.open ?? [];
  }

  #reason(): string {
    const { state, reason } = this.#running.node();
    return reason === undefined ? state : `${state} (${reason})`;
  }

  #targets(): Target[] {
    const { services } = this.#running.manager;
    const provider = this.#running.node().name;
    const contracts = contractsIn(this.#suite.component.provides);
    return contracts.flatMap((contract) => {
      assert.equal(contract.kind, 'remote', `${contract.id} is a local contract: the suite is for plain data`);
      if (contract.kind !== 'remote') return [];
      return Object.entries(contract.methods).map(([key, method]): Target => {
        const name = `${contract.id}.${key}`;
        const given = this.#suite.calls[contracts.length === 1 ? key : name] ?? this.#suite.calls[name];
        assert.ok(given !== undefined, `the suite was given no input for ${name}`);
        return {
          name,
          method,
          input: typeof given === 'function' ? (given as () => object) : () => given,
          call: (input, options) => services.call(name, input, { provider, ...options }),
        };
      });
    });
  }

  async #answers(): Promise<Map<string, unknown>> {
    const answers = new Map<string, unknown>();
    for (const target of this.#targets()) answers.set(target.name, await target.call(target.input()));
    return answers;
  }

  async #failsClearly(target: Target, disorder: Disorder): Promise<void> {
    const timeout = this.#suite.timeout ?? TIMEOUT;
    const before = this.#legacy.traffic()?.arrived ?? 0;
    const slow = disorder === 'hangs' || disorder === 'drips';
    const reached = (): boolean => {
      const { arrived, sent } = this.#legacy.traffic() ?? { arrived: before, sent: 0 };
      return slow ? arrived > before : sent > SWALLOWED;
    };
    const answer = target.call(target.input(), { timeout });
    answer.catch(() => undefined);
    if (disorder === 'drips') await this.#holdsOn(before);
    const outcome = await outcomeOf(answer, this.#clock, {
      patience: slow ? 300 : PATIENCE,
      within: timeout * 2,
      reached,
    });
    assert.ok(outcome.settled, `${target.name} does not answer while the legacy system ${PHRASES[disorder]}`);
    assert.ok(
      outcome.error !== undefined,
      `${target.name} answered ${JSON.stringify(outcome.value)} although the legacy system ${PHRASES[disorder]}`,
    );
    const { name } = this.#running.node();
    const faults = unclear(outcome.error, [name, this.#legacy.address, ...(this.#suite.names ?? [])]);
    assert.deepEqual(faults, [], `the error of ${target.name} is unclear while the legacy system ${PHRASES[disorder]}`);
  }

  /** Lets the answer begin, and takes away what nobody holds: a signal that is held weakly would never end the request. */
  async #holdsOn(before: number): Promise<void> {
    for (let waited = 0; waited < 300 && (this.#legacy.traffic()?.arrived ?? 0) === before; waited += 5) await sleep(5);
    await sleep(50);
    collectGarbage();
  }

  async #remembers(disorder: Disorder, known: ReadonlyMap<string, unknown>): Promise<void> {
    await this.#becomes('degraded', `the legacy system ${PHRASES[disorder]}`);
    for (const target of this.#targets()) {
      if (this.#suite.varying?.includes(target.name) === true) continue;
      const answer = await target.call(target.input());
      assert.deepEqual(answer, known.get(target.name), `${target.name} did not answer with what it knew`);
    }
  }

  async #hasLetGo(disorder: Disorder): Promise<void> {
    if (disorder !== 'hangs' && disorder !== 'drips' && disorder !== 'floods') return;
    // What the wrapper asks of its own accord ends by the clock, which goes slowly here: a machine under load closes late what was ended.
    for (let looks = 1; this.#open.length > 0 && looks * 20 < PATIENCE; looks++) {
      await sleep(20);
      if (looks % 5 === 0) await this.#pass(SMALL);
    }
    assert.deepEqual(
      this.#open,
      [],
      `requests to the legacy system are still open although nobody waits: hand call.signal on: ${this.#open.join(', ')}`,
    );
  }

  /** Calls until every method answers again; a circuit breaker may need its time. */
  async #servesAgain(): Promise<void> {
    for (const target of this.#targets()) {
      let last: unknown;
      for (let passed = 0; ; passed += STEP) {
        const outcome = await outcomeOf(target.call(target.input()), this.#clock, { patience: PATIENCE });
        if (outcome.settled && outcome.error === undefined) break;
        last = outcome.error;
        const limit = this.#suite.notices ?? NOTICES;
        assert.ok(
          passed < limit,
          `${target.name} does not serve again although the legacy system is well: ${String(last)}`,
        );
        await this.#pass(STEP);
      }
    }
    await this.#becomes('active', 'the legacy system is well again');
  }

  /** Lets virtual time pass until the tree shows the state; nobody calls meanwhile. */
  async #becomes(state: 'active' | 'degraded', because: string): Promise<void> {
    for (let passed = 0; this.#running.node().state !== state; passed += STEP) {
      const limit = this.#suite.notices ?? NOTICES;
      assert.ok(passed < limit, `it is ${this.#reason()} although ${because}`);
      await this.#pass(STEP);
    }
  }

  /** Virtual time passes, in steps small enough for what it sets off to be answered in real time before it counts as late. */
  async #pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += SMALL) {
      await this.#clock.advance(SMALL);
      await sleep(2);
      for (let waited = 0; waited < 20 && this.#open.length > 0; waited += 5) await sleep(5);
    }
  }
}
