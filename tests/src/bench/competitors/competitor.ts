/** A component of the graph that is started: its name and those it needs. */
export interface Part {
  name: string;
  needs: readonly string[];
}

/** What one of those that are compared can do; absent where it has nothing of the kind. */
export interface Competitor {
  /** Gives the way to one asynchronous addition through its door, as a consumer that holds the service calls it. */
  call?: () => Promise<() => Promise<unknown>>;
  /** The same with what is passed checked. */
  checked?: () => Promise<() => Promise<unknown>>;
  /** Starts the components of a graph, each when those it needs are there; resolves when all are. Gives how many took part. */
  boot?: (graph: readonly Part[]) => Promise<number>;
  /** As many components at rest, each with one method; the value keeps them. */
  components?: (count: number) => Promise<unknown>;
  /** Prepares as many services; the function then takes hold of each, and gives what keeps it. */
  clients?: (count: number) => Promise<() => readonly unknown[]>;
}

export interface Addition {
  add(a: number, b: number): Promise<number>;
}

export const addition: Addition = { add: (a, b) => Promise.resolve(a + b) };

/** Methods of a service whose client is held. */
export const clientMethods = ['create', 'read', 'update', 'remove', 'list'] as const;
export type ClientMethods = Record<(typeof clientMethods)[number], () => Promise<number>>;
