import type { EvaluationContext, Expression } from '@caruso/expressions';
import type { Name, Program } from './program.js';
import type { Trail } from './trail.js';

const groupOf = { param: 'params', var: 'vars', answer: 'answers', result: 'results' } as const;
type Group = (typeof groupOf)[Name['kind']];

/** What expressions see of a session besides its values. */
export interface SessionFacts {
  readonly id: string;
  readonly channel: string;
  readonly language: string;
  readonly starter: string;
  readonly interaction: string | null;
  /** How often the present step was put. */
  readonly attempt: number;
}

/** The values an expression reads at one point of the path, and the time it is there. Changes are noted on the trail. */
export class Scope {
  readonly #values: Record<string, unknown>;
  readonly #groups: Record<Group, Record<string, unknown>>;
  readonly #trail: Trail;
  #context: EvaluationContext;
  #at: string;

  constructor(
    readonly program: Program,
    trail: Trail,
    session: SessionFacts,
    readonly timezone: string,
    at: string,
  ) {
    this.#trail = trail;
    this.#groups = { params: {}, vars: {}, answers: {}, results: {} };
    this.#values = { ...this.#groups, session };
    this.#at = at;
    this.#context = { now: new Date(at), timezone };
  }

  get session(): SessionFacts {
    return this.#values['session'] as SessionFacts;
  }

  set session(session: SessionFacts) {
    const before = this.session;
    if (before === session) return;
    this.#trail.push(() => {
      this.#values['session'] = before;
    });
    this.#values['session'] = session;
  }

  get at(): string {
    return this.#at;
  }

  /** From here on `now()` and `today()` are those of the answer that led here. */
  set at(at: string) {
    if (at === this.#at) return;
    const before = { at: this.#at, context: this.#context };
    this.#trail.push(() => {
      this.#at = before.at;
      this.#context = before.context;
    });
    this.#at = at;
    this.#context = { now: new Date(at), timezone: this.timezone };
  }

  set(name: string, value: unknown): void {
    const declared = this.program.names.get(name);
    if (declared === undefined) return;
    const before = this.#values[name];
    if (before === value) return;
    const group = this.#groups[groupOf[declared.kind]];
    this.#trail.push(() => {
      this.#values[name] = before;
      group[name] = before;
    });
    this.#values[name] = value;
    group[name] = value;
  }

  get(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? null) : null;
  }

  evaluate(expression: Expression): unknown {
    return expression.evaluate(this.#values, this.#context);
  }

  /** A condition that is absent holds; one that is null does not. */
  holds(condition: Expression | undefined): boolean {
    return condition === undefined || this.evaluate(condition) === true;
  }
}
