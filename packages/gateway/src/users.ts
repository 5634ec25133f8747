import type { Clock, Principal } from '@caruso/service-manager/contract';
import type { JournalApi, StorageApi } from '@caruso/storage-manager/contract';
import type { User } from './contract.js';
import { passwordMissing } from './errors.js';
import type { Passwords } from './password.js';

/** A row of `caruso_user` as stored. */
export interface UserRow {
  sign_in: string;
  name: string;
  email: string | null;
  roles: unknown;
  attributes: unknown;
  active: unknown;
  password: string;
}

interface Definition {
  user: string;
  name: string;
  email: string | null;
  roles: string[];
  attributes: Record<string, unknown>;
  active: boolean;
  password?: string | undefined;
}

export interface UsersOptions {
  storage: StorageApi;
  journal: JournalApi;
  passwords: Passwords;
  clock: Clock;
  /** Ends the sessions of a user: all of them, or makes them see the change. */
  onChange: (user: string, end: boolean) => Promise<void>;
}

/** The people who can sign in. */
export class UserStore {
  constructor(private readonly options: UsersOptions) {}

  async list(): Promise<User[]> {
    const rows = await this.options.storage.query<UserRow[]>('main', (knex) =>
      knex('caruso_user').select('*').orderBy('sign_in'),
    );
    return rows.map((row) => userOf(this.options.storage, row));
  }

  /** With the hash of the password; stays within this package. */
  async find(user: string): Promise<{ user: User; password: string } | undefined> {
    const { storage } = this.options;
    const rows = await storage.query<UserRow[]>('main', (knex) => knex('caruso_user').where({ sign_in: user }));
    const row = rows[0];
    return row === undefined ? undefined : { user: userOf(storage, row), password: row.password };
  }

  /** Throws PASSWORD_MISSING for a new user without one. */
  async define(definition: Definition): Promise<User> {
    const { storage, journal, passwords, clock } = this.options;
    const { password, ...user } = definition;
    // Hashing takes its time, which no unit of work should last.
    const hash = password === undefined ? undefined : await passwords.hash(password);
    await storage.unitOfWork(async () => {
      const present = await this.find(user.user);
      const stored = hash ?? present?.password;
      if (stored === undefined) throw passwordMissing(user.user);
      const encode = (type: 'json' | 'boolean' | 'datetime', value: unknown) => storage.encode('main', type, value);
      const row = {
        name: user.name,
        email: user.email,
        roles: encode('json', user.roles),
        attributes: encode('json', user.attributes),
        active: encode('boolean', user.active),
        password: stored,
        changed_at: encode('datetime', new Date(clock.now()).toISOString()),
      };
      await storage.query('main', (knex) =>
        present === undefined
          ? knex('caruso_user').insert({ sign_in: user.user, ...row })
          : knex('caruso_user').where({ sign_in: user.user }).update(row),
      );
      const end = present !== undefined && (hash !== undefined || !user.active);
      await this.options.onChange(user.user, end);
      const { roles, active } = user;
      await journal.append({
        type: 'User.defined',
        subject: { object: 'User', key: user.user },
        data: { roles, active, created: present === undefined, passwordChanged: hash !== undefined },
      });
    });
    return user;
  }
}

export function userOf(storage: StorageApi, row: UserRow): User {
  const decode = (type: 'json' | 'boolean', value: unknown) => storage.decode('main', type, value);
  return {
    user: row.sign_in,
    name: row.name,
    email: row.email,
    roles: decode('json', row.roles) as string[],
    attributes: decode('json', row.attributes) as Record<string, unknown>,
    active: decode('boolean', row.active) === true,
  };
}

/** Who acts when this user does. */
export function principalOf(user: User): Principal {
  return { kind: 'user', id: user.user, name: user.name, roles: user.roles, attributes: user.attributes };
}
