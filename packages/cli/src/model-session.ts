import { describeModel } from '@caruso/modeler';
import type { Draft, ModelerObject, ModelPreview } from '@caruso/modeler/contract';
import { actingAs, CarusoError, type ErrorInfo } from '@caruso/service-manager/contract';
import { askRunning, type ModelMethod, tellRunning, whoever } from './control.js';
import { signInMissing } from './errors.js';
import type { Io } from './io.js';
import { openPart } from './partial-house.js';
import { openFrontOffice } from './places.js';

/** The modeler of an installation: a folder, the front office that runs in it, or one at an address. */
export interface ModelSession {
  call<T>(method: ModelMethod, input: object): Promise<T>;
  close(): Promise<void>;
}

export type Applied = { files: string[]; steps: ModelPreview['steps']; backups: string[] };
export type Drafted = { objects: ModelerObject[]; drafts: Draft[]; faults: ModelPreview['faults'] };

const NEEDED = ['storage', 'journal', 'objects', 'model', 'model-files', 'modeler'];

/** The model of an installation, without its databases. Throws what the installation answers. */
export async function modelOf(io: Io, where: string): Promise<ModelerObject[]> {
  if (!isAddress(where)) return describeModel(openFrontOffice(io, where).folder);
  const session = await openModel(io, where);
  const { objects } = await session.call<Drafted>('modeler.model', {});
  await session.close();
  return objects;
}

/** Throws SIGN_IN_MISSING for an address without CARUSO_USER and CARUSO_PASSWORD. */
export async function openModel(io: Io, where: string): Promise<ModelSession> {
  if (isAddress(where)) return signedIn(io, where.replace(/\/+$/, ''));
  const { folder } = openFrontOffice(io, where);
  if ((await askRunning(folder)) !== undefined)
    return {
      call: async <T>(method: ModelMethod, input: object) => (await tellRunning(folder, method, input)) as T,
      close: async () => {},
    };
  const manager = await openPart(io, where, NEEDED);
  const me = whoever();
  return {
    call: async <T>(method: ModelMethod, input: object) =>
      (await actingAs(me, () => manager.services.call(method, input))) as T,
    close: () => manager.stop(),
  };
}

function isAddress(where: string): boolean {
  return /^https?:\/\//.test(where);
}

async function signedIn(io: Io, url: string): Promise<ModelSession> {
  const { CARUSO_USER: user, CARUSO_PASSWORD: password } = io.env;
  if (user === undefined || password === undefined) throw signInMissing(url);
  const { headers } = await post(url, '/api/sign-in', { user, password }, {});
  const cookie = headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  return {
    call: async <T>(method: ModelMethod, input: object) =>
      (await (await post(url, `/api/call/${method.replace('.', '/')}`, input, { cookie })).json()) as T,
    close: async () => {},
  };
}

async function post(url: string, path: string, body: object, headers: Record<string, string>): Promise<Response> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (response.ok) return response;
  const { error } = (await response.json().catch(() => ({}))) as { error?: ErrorInfo };
  throw new CarusoError(error ?? { code: 'INTERNAL', message: `${url} answered ${response.status}` });
}
