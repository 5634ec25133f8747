import { addition, type ClientMethods, type Competitor, clientMethods } from './competitor.js';

/** Nothing between: what plain JavaScript costs. */
export const direct: Competitor = {
  async call() {
    return () => addition.add(1, 2);
  },
  async checked() {
    const add = ({ a, b }: { a: number; b: number }) => addition.add(a, b);
    return () => add({ a: 1, b: 2 });
  },
  /** The least that follows a provider which changes: an object of closures over a place where the provider is found. */
  async clients(count) {
    const places = Array.from({ length: count }, (): { provider: ClientMethods | undefined } => ({
      provider: undefined,
    }));
    return () =>
      places.map((place) => {
        const client: Partial<ClientMethods> = {};
        for (const method of clientMethods) {
          client[method] = () => place.provider?.[method]() ?? Promise.reject(new Error(`nobody answers ${method}`));
        }
        return client;
      });
  },
};
