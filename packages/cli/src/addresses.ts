import { Channel } from '@caruso/communication-server/contract';
import type { FrontOffice } from './front-office.js';
import type { SignIn } from './seed.js';

/** Where people and programs reach a running front office. */
export interface Address {
  label: string;
  address: string;
}

/** The pages and interfaces of the gateway, and each channel by its own word. */
export async function addressesOf({ house, url }: FrontOffice): Promise<Address[]> {
  const { manager, settings } = house;
  const web: Address[] =
    url === undefined || settings.web === undefined
      ? []
      : [
          { label: 'staff', address: `${url}/` },
          { label: 'self-service', address: `${url}/self-service` },
        ];
  const api: Address[] = url === undefined ? [] : [{ label: 'API', address: `${url}/api/openapi.json` }];
  const channels: Address[] = [];
  for (const provider of manager.services.providers(Channel)) {
    // A channel that cannot say where it is reached is in the service tree; here it is only left out.
    const described = await manager
      .use(Channel, '^1.0', { provider })
      .describe({})
      .catch(() => undefined);
    if (described?.address == null) continue;
    channels.push({
      label: described.simulated ? `${described.label} (simulated)` : described.label,
      address: described.address,
    });
  }
  return [...web, ...api, ...channels];
}

/** Columns of text, two blanks apart. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

export function signInRows(signIns: readonly SignIn[]): string[][] {
  return signIns.map(({ user, password, roles }) => [user, password, roles.join(', ')]);
}
