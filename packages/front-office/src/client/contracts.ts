import type { Screens } from '@caruso/application-builder/contract';
import type { BusinessObjects } from '@caruso/business-objects/contract';
import type { Chat } from '@caruso/channel-chat/contract';
import type { SimulatedTelephone } from '@caruso/channel-voice-simulated/contract';
import type { Communication } from '@caruso/communication-server/contract';
import type { Imports } from '@caruso/data-exchange/contract';
import type { Quality } from '@caruso/data-quality/contract';
import type { Users } from '@caruso/gateway/contract';
import type { Modeler } from '@caruso/modeler/contract';
import type { Policies, Reminders } from '@caruso/policies/contract';
import type { Reporting } from '@caruso/reporting/contract';
import type { ScriptDeveloper, Scripts } from '@caruso/script-engine/contract';
import type { Client, ServiceManagement } from '@caruso/service-manager/contract';

/** The contracts this application speaks; only their types are here, nothing of them is bundled. */
interface Contracts {
  screens: typeof Screens;
  objects: typeof BusinessObjects;
  quality: typeof Quality;
  imports: typeof Imports;
  communication: typeof Communication;
  chat: typeof Chat;
  'simulated-telephone': typeof SimulatedTelephone;
  users: typeof Users;
  modeler: typeof Modeler;
  policies: typeof Policies;
  reminders: typeof Reminders;
  reporting: typeof Reporting;
  scripts: typeof Scripts;
  'script-developer': typeof ScriptDeveloper;
  services: typeof ServiceManagement;
}

type Clients = { [C in keyof Contracts]: Client<Contracts[C]> };

/** `contract.method`, for every method of every contract above. */
export type MethodName = { [C in keyof Clients]: `${C}.${keyof Clients[C] & string}` }[keyof Clients];

type MethodOf<N extends MethodName> = N extends `${infer C}.${infer M}`
  ? C extends keyof Clients
    ? M extends keyof Clients[C]
      ? Clients[C][M]
      : never
    : never
  : never;

/** What a method takes, as its contract says. */
export type Input<N extends MethodName> = MethodOf<N> extends (input: infer I, ...rest: never[]) => unknown ? I : never;

/** What a method gives, as its contract says. */
export type Output<N extends MethodName> = MethodOf<N> extends (...rest: never[]) => Promise<infer O> ? O : never;
