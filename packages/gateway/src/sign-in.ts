import { actingAs, type Clock, type Principal } from '@caruso/service-manager/contract';
import type { JournalApi, StorageApi } from '@caruso/storage-manager/contract';
import type { User } from './contract.js';
import { signInLimited, signInRefused } from './errors.js';
import type { Passwords } from './password.js';
import type { Session, Sessions } from './sessions.js';
import { SignInLimit } from './sign-in-limit.js';
import { principalOf, type UserStore } from './users.js';

export interface SignInOptions {
  storage: StorageApi;
  journal: JournalApi;
  clock: Clock;
  users: UserStore;
  passwords: Passwords;
  sessions: Sessions;
}

/** Lets people in and out. */
export class SignIn {
  readonly #limit = new SignInLimit();

  constructor(private readonly options: SignInOptions) {}

  /** Throws SIGN_IN_REFUSED, SIGN_IN_LIMITED or SIGN_IN_BUSY. */
  async open(name: string, password: string, address: string): Promise<{ token: string; user: User }> {
    const { storage, journal, clock, users, passwords, sessions } = this.options;
    const user = name.trim().toLowerCase();
    const wait = this.#limit.admit(user, address, clock.now());
    if (wait !== undefined) throw signInLimited(wait);
    const found = await users.find(user);
    const right = await passwords.verify(password, found?.password);
    if (!right || found === undefined || !found.user.active) {
      // An unknown name may be a password typed into the wrong field: it is not written down.
      const known = found === undefined ? null : user;
      await actingAs(nobody, () => journal.append({ type: 'User.signInRefused', data: { user: known, address } }));
      throw signInRefused();
    }
    this.#limit.succeeded(user, address);
    const token = await actingAs(principalOf(found.user), () =>
      storage.unitOfWork(async () => {
        const opened = await sessions.open(user);
        await journal.append({ type: 'User.signedIn', subject: { object: 'User', key: user }, data: { address } });
        return opened;
      }),
    );
    return { token, user: found.user };
  }

  async close(session: Session): Promise<void> {
    const { journal, sessions } = this.options;
    await sessions.close(session);
    const subject = { object: 'User', key: session.user.user };
    await actingAs(session.principal, () => journal.append({ type: 'User.signedOut', subject }));
  }
}

const nobody: Principal = { kind: 'visitor', id: 'unknown', name: 'unknown', roles: [] };
