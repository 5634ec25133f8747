import { randomInt } from 'node:crypto';
import { Users } from '@caruso/gateway/contract';
import type { ServiceManager } from '@caruso/service-manager';
import { actingAs, systemPrincipal } from '@caruso/service-manager/contract';
import type { SignIn } from './seed.js';

/** Without letters and digits that look alike. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/**
 * Makes an administrator with a random password where nobody can sign in yet, as in a front office that was just imported. The
 * password is given back to be shown once; nothing else knows it.
 */
export async function firstAdministrator(manager: ServiceManager): Promise<SignIn | undefined> {
  if (manager.services.providers(Users).length === 0) return undefined;
  const users = manager.use(Users, '^1.0');
  return actingAs(systemPrincipal, async () => {
    const { users: known } = await users.list({});
    if (known.length > 0) return undefined;
    const password = Array.from({ length: 16 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
    const { user, roles } = await users.define({
      user: 'admin',
      name: 'Administrator',
      roles: ['administrator'],
      password,
    });
    return { user, password, roles };
  });
}
