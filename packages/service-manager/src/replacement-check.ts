import type { AnyComponent } from './component-definition.js';
import { candidates, explain, type NeedFact, offeredVersion, type ProviderFact } from './need-resolution.js';
import { needFact, offersOf, type Registration, requiredNeeds } from './registration.js';
import type { Provider } from './routing.js';

/**
 * Why `component` may not take the place of what `registration` runs: whose needs would not be met any more, and which of its
 * own are not.
 *
 * @example
 * refusals(billing, next, providers, registrations) // ["'desk' needs billing ^1.0, 'billing' offers 2.0.0"]
 */
export function refusals(
  registration: Registration,
  component: AnyComponent,
  providers: readonly Provider[],
  registrations: readonly Registration[],
): string[] {
  const reasons: string[] = [];
  const others = providers.filter((p) => p.node !== undefined || p.name !== registration.name);
  const serving = others.filter((p) => p.serving);
  const meets = (need: NeedFact, pool: readonly Provider[]): boolean => candidates(need, pool).length > 0;
  const after: ProviderFact = { ...factOf(registration), offers: offersOf(component) };
  for (const consumer of registrations) {
    if (consumer === registration || !consumer.alive) continue;
    for (const need of Object.values(consumer.allNeeds).map(needFact)) {
      if (offeredVersion(need, registration) === undefined || offeredVersion(need, after) !== undefined) continue;
      if (
        meets(
          need,
          serving.filter((p) => p !== consumer),
        )
      )
        continue;
      reasons.push(explain(`'${consumer.name}'`, need, [...others.filter((p) => p !== consumer).map(factOf), after]));
    }
  }
  for (const need of requiredNeeds(component)) {
    if (!meets(need, serving)) reasons.push(explain(`the new '${registration.name}'`, need, others));
  }
  return reasons;
}

function factOf({ name, order, state, reason, offers, node, ranking }: Provider): ProviderFact {
  return { name, order, state, reason, offers, node, ranking };
}
