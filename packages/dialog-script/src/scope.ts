import type { EvaluationContext, Expression } from '@caruso/expressions';
import type { Name, Program } from './program.js';

const groupOf = { param: 'params', var: 'vars', answer: 'answers', result: 'results' } as const;

/** What expressions see of a session besides its values. */
export interface SessionFacts {
  id: string;
  channel: string;
  language: string;
  starter: string;
  interaction: string | null;
}

/** The values an expression reads at one point of the path, and the time it is there. */
export class Scope {
  readonly #values: Record<string, unknown>;
  readonly #groups: Record<(typeof groupOf)[Name['kind']], Record<string, unknown>>;
  #context: EvaluationContext;

  constructor(
    readonly program: Program,
    readonly session: SessionFacts,
    readonly timezone: string,
    at: string,
  ) {
    this.#groups = { params: {}, vars: {}, answers: {}, results: {} };
    this.#values = { ...this.#groups, session };
    this.#context = { now: new Date(at), timezone };
  }

  /** The same values, to try answers on without touching the path's own. */
  fork(): Scope {
    const copy = new Scope(this.program, this.session, this.timezone, this.#context.now.toISOString());
    for (const name of this.program.names.keys()) copy.set(name, this.get(name));
    return copy;
  }

  /** From here on `now()` and `today()` are those of the answer that led here. */
  set at(at: string) {
    this.#context = { now: new Date(at), timezone: this.timezone };
  }

  set(name: string, value: unknown): void {
    const declared = this.program.names.get(name);
    if (declared === undefined) return;
    this.#values[name] = value;
    this.#groups[groupOf[declared.kind]][name] = value;
  }

  get(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : null;
  }

  evaluate(expression: Expression): unknown {
    return expression.evaluate(this.#values, this.#context);
  }

  /** A condition that is absent holds; one that is null does not. */
  holds(condition: Expression | undefined): boolean {
    return condition === undefined || this.evaluate(condition) === true;
  }
}
