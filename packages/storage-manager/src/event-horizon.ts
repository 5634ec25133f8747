import type { StorageManager } from './storage.js';
import type { UnitsOfWork } from './unit-of-work.js';

/** How far the journal can be read without anything still appearing before that place. */
export interface EventHorizon {
  /** Before the first event of a unit of work. */
  announce(): Promise<void>;
  /** The number up to which every event there will ever be is visible. */
  read(): Promise<number>;
}

export interface HorizonOptions {
  storage: StorageManager;
  units: UnitsOfWork;
  /** The highest number committed now. */
  last: () => Promise<number>;
}

/** One unit of work writes at a time: what is committed is all there is. */
function sqliteHorizon({ last }: HorizonOptions): EventHorizon {
  return { announce: async () => {}, read: last };
}

/**
 * PostgreSQL gives out numbers before it commits, so a lower number may appear after a higher one. Each unit of work that appends
 * therefore holds, until its end, a shared advisory lock whose key carries the number given out last before its own; nobody waits
 * for it. A reader takes the last number given out, then the lowest lock, then the events: all of an unfinished unit of work lie
 * above its lock, and all of one that began later lie above the last number.
 */
function postgresHorizon({ storage, units }: HorizonOptions): EventHorizon {
  const announced = new WeakSet<object>();
  return {
    async announce() {
      const work = units.current();
      if (work === undefined || announced.has(work)) return;
      await storage.query('main', (knex) => knex.raw(ANNOUNCE));
      announced.add(work);
    },
    async read() {
      const given = await storage.query<{ last: number }[]>('main', (knex) => knex.raw(LAST_GIVEN));
      const open = await storage.query<{ lowest: number | null }[]>('main', (knex) => knex.raw(LOWEST_OPEN));
      return Math.min(given[0]?.last ?? 0, open[0]?.lowest ?? Number.MAX_SAFE_INTEGER);
    },
  };
}

/** Journals of other schemas in the same database have locks of their own: the table's object id is part of the key. */
const JOURNAL = `('caruso_event'::regclass::oid::bigint % 32768)`;
const GIVEN = `case when is_called then last_value else 0 end`;
const LAST_GIVEN = `select ${GIVEN} as last from caruso_event_seq_seq`;
const ANNOUNCE = `select pg_advisory_xact_lock_shared((${JOURNAL} << 47) | (${GIVEN})) from caruso_event_seq_seq`;
const KEY = `((classid::bigint << 32) | objid::bigint)`;
const LOWEST_OPEN = `
  select min(${KEY} & ((1::bigint << 47) - 1)) as lowest from pg_locks
  where locktype = 'advisory' and objsubid = 1 and pid <> pg_backend_pid() and ${KEY} >> 47 = ${JOURNAL}
    and database = (select oid from pg_database where datname = current_database())`;

/** Numbers that one look into an unfinished stretch compares. */
const STRETCH = 10_000;

/**
 * MariaDB numbers before it commits, too, and has no locks that carry a number. But a statement `insert ... select` keeps the numbering
 * to itself until its row is in the table, so every number below the highest that a reader *without* isolation sees is in the table, or
 * was given up. A reader therefore counts what is there, committed or not, and then what is committed; where both agree, nothing below
 * can still appear, else the first number that is not committed is the end.
 */
function mariadbHorizon({ storage, units }: HorizonOptions): EventHorizon {
  let settled = 0;
  return {
    announce: async () => {},
    async read() {
      const from = settled;
      const there = await storage.uncommittedRows('main', COUNT, [from, Number.MAX_SAFE_INTEGER]);
      const last = Number(there[0]?.['last'] ?? from);
      const committed = await storage.rows<Record<string, unknown>>('main', COUNT, [from, last]);
      const reached = there[0]?.['number'] === committed[0]?.['number'] ? last : await firstOpen(storage, from, last);
      // Inside a unit of work its own events look committed, which they are for nobody else yet.
      if (!units.inside()) settled = Math.max(settled, reached);
      return reached;
    },
  };
}

const COUNT = 'select count(*) as number, max(seq) as last from caruso_event where seq > ? and seq <= ?';
const NUMBERS = `select seq from caruso_event where seq > ? and seq <= ? order by seq limit ${STRETCH}`;

async function firstOpen(storage: StorageManager, from: number, to: number): Promise<number> {
  for (let low = from; ; ) {
    const there = await storage.uncommittedRows('main', NUMBERS, [low, to]);
    const committed = new Set((await storage.rows<{ seq: number }>('main', NUMBERS, [low, to])).map(({ seq }) => seq));
    const open = there.find(({ seq }) => !committed.has(Number(seq)));
    if (open !== undefined) return Number(open['seq']) - 1;
    if (there.length < STRETCH) return to;
    low = Number(there.at(-1)?.['seq']);
  }
}

/** The horizon of main's journal. */
export function eventHorizon(options: HorizonOptions): EventHorizon {
  switch (options.storage.dialect('main')) {
    case 'sqlite':
      return sqliteHorizon(options);
    case 'postgres':
      return postgresHorizon(options);
    case 'mariadb':
      return mariadbHorizon(options);
  }
}
