/** A value that is bound to a statement when it runs, never spliced into its text. */
export type Binding =
  /** Known when the statement was made, in the form the database stores. */
  | { readonly kind: 'constant'; readonly value: unknown }
  /** A parameter of the query or an attribute of the user; `encode` checks it and gives the stored form. */
  | { readonly kind: 'parameter'; readonly name: string; readonly encode: (value: unknown) => unknown }
  | { readonly kind: 'user'; readonly name: string; readonly encode: (value: unknown) => unknown }
  /** The time of the call. */
  | { readonly kind: 'today' }
  | { readonly kind: 'now' };

/** Text with `?` for each binding, in order. Immutable. */
export interface Sql {
  readonly text: string;
  readonly bindings: readonly Binding[];
}

/**
 * Joins texts and fragments; bindings stay in the order of their places. Numbers are written as they are.
 *
 * @example
 * sql`${column} = ${constant('x')}`
 */
export function sql(parts: TemplateStringsArray, ...values: (Sql | number)[]): Sql {
  let text = parts[0] ?? '';
  const bindings: Binding[] = [];
  for (const [index, value] of values.entries()) {
    if (typeof value === 'number') text += String(value);
    else {
      text += value.text;
      bindings.push(...value.bindings);
    }
    text += parts[index + 1] ?? '';
  }
  return { text, bindings };
}

/** Text of our own making, never of a caller's. */
export function raw(text: string): Sql {
  return { text, bindings: [] };
}

export function bind(binding: Binding): Sql {
  return { text: '?', bindings: [binding] };
}

export function constant(value: unknown): Sql {
  return bind({ kind: 'constant', value });
}

export function joinSql(parts: readonly Sql[], separator: string): Sql {
  return { text: parts.map((part) => part.text).join(separator), bindings: parts.flatMap((part) => part.bindings) };
}

/** A name of the database's; knex reads `?` as a place for a value unless it is escaped. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""').replaceAll('\\', '\\\\').replaceAll('?', '\\?')}"`;
}

/** What is known when a statement runs. */
export interface Moment {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly user: Readonly<Record<string, unknown>>;
  /** ISO UTC. */
  readonly now: string;
  /** YYYY-MM-DD in the front office's time zone. */
  readonly today: string;
}

/** The values to bind, in order. */
export function resolve(bindings: readonly Binding[], moment: Moment): unknown[] {
  return bindings.map((binding) => {
    switch (binding.kind) {
      case 'constant':
        return binding.value;
      case 'parameter':
        return binding.encode(own(moment.parameters, binding.name));
      case 'user':
        return binding.encode(own(moment.user, binding.name));
      case 'today':
        return moment.today;
      case 'now':
        return moment.now;
    }
  });
}

function own(values: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : null;
}
