import { createHash } from 'node:crypto';
import type { Normalisation, ObjectDescription } from '@caruso/business-objects/contract';
import { blockingKeys } from './blocking.js';
import { comparables, comparedAttributes } from './comparables.js';
import { type Comparables, type Match, match } from './match.js';
import { normalise } from './normalise.js';

type Values = Readonly<Record<string, unknown>>;

/** What the model says of one object's forms and duplicates, ready for use. Pure. */
export class MatchedObject {
  readonly name: string;
  readonly description: ObjectDescription;
  /** Where its index lies: beside the records, or in main where their database is not to be altered. */
  readonly database: string;
  readonly compares: boolean;
  readonly #compared: ReturnType<typeof comparedAttributes>;
  readonly #forms: ReadonlyMap<string, Normalisation>;
  readonly #country: string;

  constructor(description: ObjectDescription, country: string) {
    this.name = description.name;
    this.description = description;
    this.database = description.managed ? description.database : 'main';
    this.compares = description.duplicates.length > 0;
    this.#compared = comparedAttributes(description);
    this.#forms = new Map(
      description.attributes.flatMap(({ name, normalise: form }) => (form === undefined ? [] : [[name, form]])),
    );
    this.#country = country;
  }

  get normalises(): boolean {
    return this.#forms.size > 0;
  }

  /** Of everything that its index depends on. */
  get fingerprint(): string {
    const { duplicates } = this.description;
    return createHash('sha256')
      .update(JSON.stringify([VERSION, duplicates, [...this.#compared], this.#country]))
      .digest('base64url')
      .slice(0, 22);
  }

  normalised(values: Values): {
    values: Record<string, unknown>;
    violations: { attribute: string; message: string }[];
  } {
    const brought: Record<string, unknown> = { ...values };
    const violations: { attribute: string; message: string }[] = [];
    for (const [attribute, form] of this.#forms) {
      const value = values[attribute];
      if (typeof value !== 'string') continue;
      const result = normalise(form, value, this.#country);
      if ('value' in result) brought[attribute] = result.value;
      else violations.push({ attribute, message: result.wrong });
    }
    return { values: brought, violations };
  }

  comparables(values: Values): Comparables {
    return comparables(this.#compared, values, this.#country);
  }

  blocks(record: Comparables): string[] {
    return blockingKeys(this.description.duplicates, record);
  }

  match(left: Comparables, right: Comparables): Match {
    return match(this.description.duplicates, left, right);
  }
}

/** Grows when what is compared, or how it is blocked, changes in the code: every index is then built anew. */
const VERSION = 2;
