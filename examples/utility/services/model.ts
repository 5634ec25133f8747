// Made of the model by `caruso types`: make it anew after a change of the model, never edit it.
import type { BusinessObjects, ObjectRecord } from '@caruso/business-objects/contract';
import type { Client } from '@caruso/service-manager/contract';
import { z } from 'zod';

/** An exact amount; the currency is its ISO 4217 code. */
const money = z.object({ amount: z.string(), currency: z.string() });

/** Case. */
export const Case = z.object({
  id: z.string().max(10000),
  subject: z.string().max(200),
  kind: z.enum(["outage", "move", "billing", "complaint", "other"]),
  cause: z.enum(["cable damaged", "fuse", "meter", "works announced", "not known yet", "wrong reading", "double invoice", "tariff", "payment", "appointment missed", "waiting time", "conduct"]).nullable(),
  status: z.enum(["new", "in progress", "waiting for customer", "closed"]),
  priority: z.enum(["low", "normal", "high"]),
  /** The key of a Customer. */
  customer: z.string(),
  /** The key of a Connection. */
  connection: z.string().nullable(),
  description: z.string().max(4000).nullable(),
  openedAt: z.iso.datetime().nullable(),
  due: z.iso.datetime().nullable(),
  tags: z.array(z.string()).nullable(),
  /** Computed. */
  display: z.string().max(10000).nullable(),
});
export type Case = z.infer<typeof Case>;

/** Connection. */
export const Connection = z.object({
  connectionNo: z.string().max(10000).regex(new RegExp("^(?:CN[0-9]{6})$", 'u')),
  /** The key of a Customer. */
  customer: z.string(),
  address: z.string().max(160),
  region: z.enum(["north", "south", "east", "west"]).nullable(),
  medium: z.enum(["electricity", "gas", "water"]),
  status: z.enum(["active", "disconnected"]),
  /** Computed. */
  display: z.string().max(10000).nullable(),
});
export type Connection = z.infer<typeof Connection>;

/** Contract. */
export const Contract = z.object({
  /** The key of a Customer. */
  customer: z.string(),
  /** In EUR. */
  monthly: money.nullable(),
  startsOn: z.iso.date(),
  endsOn: z.iso.date().nullable(),
  contractNo: z.string().max(10000).regex(new RegExp("^(?:K[0-9]{6})$", 'u')),
  /** The key of a Connection. */
  connection: z.string(),
  tariff: z.enum(["Basis", "Green", "Business", "Business Plus"]),
  /** Computed. */
  display: z.string().max(10000).nullable(),
});
export type Contract = z.infer<typeof Contract>;

/** Customer. */
export const Customer = z.object({
  customerNo: z.string().max(10000).regex(new RegExp("^(?:C[0-9]{6})$", 'u')),
  name: z.string().max(100),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  street: z.string().max(100).nullable(),
  postcode: z.string().max(10).nullable(),
  city: z.string().max(60).nullable(),
  segment: z.enum(["household", "business", "key account"]),
  /** Masked for whoever may not see it in the clear. */
  iban: z.string().max(34).nullable(),
  tags: z.array(z.string()).nullable(),
  since: z.iso.date().nullable(),
  /** Computed. */
  openCases: z.union([z.number(), z.string()]).nullable(),
  /** In EUR. Computed. */
  yearValue: money.nullable(),
  /** Computed. */
  display: z.string().max(10000).nullable(),
});
export type Customer = z.infer<typeof Customer>;

/** Interruption. */
export const Interruption = z.object({
  id: z.string().max(10000),
  subject: z.string().max(120),
  medium: z.enum(["electricity", "gas", "water"]),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime().nullable(),
  state: z.enum(["planned", "under way", "done"]),
  /** Computed. */
  affected: z.union([z.number(), z.string()]).nullable(),
  /** Computed. */
  display: z.string().max(10000).nullable(),
});
export type Interruption = z.infer<typeof Interruption>;

/** Invoice line. */
export const InvoiceLine = z.object({
  year: z.union([z.number(), z.string()]),
  number: z.union([z.number(), z.string()]),
  line: z.union([z.number(), z.string()]),
  text: z.string().max(10000).nullable(),
  /** In EUR. */
  amount: money.nullable(),
  /** Computed. */
  display: z.string().max(10000).nullable(),
});
export type InvoiceLine = z.infer<typeof InvoiceLine>;

/** Invoice. */
export const Invoice = z.object({
  year: z.union([z.number(), z.string()]),
  number: z.union([z.number(), z.string()]),
  /** The key of a Customer. */
  customer: z.string().nullable(),
  /** In EUR. */
  total: money.nullable(),
  issuedOn: z.iso.date().nullable(),
  paidOn: z.iso.date().nullable(),
  /** Computed. */
  display: z.string().max(10000).nullable(),
});
export type Invoice = z.infer<typeof Invoice>;

/** Maintenance. */
export const Maintenance = z.object({
  /** The key of a Customer. */
  customer: z.string(),
  /** In EUR. */
  monthly: money,
  startsOn: z.iso.date(),
  endsOn: z.iso.date().nullable(),
  maintenanceNo: z.string().max(10000).regex(new RegExp("^(?:M[0-9]{6})$", 'u')),
  appliance: z.enum(["boiler", "heat pump", "charging point"]),
  lastVisit: z.iso.date().nullable(),
  /** Computed. */
  display: z.string().max(10000).nullable(),
});
export type Maintenance = z.infer<typeof Maintenance>;

/** Meter reading. */
export const MeterReading = z.object({
  id: z.string().max(10000),
  /** The key of a Meter. */
  meter: z.string(),
  /** An exact decimal. */
  reading: z.string(),
  readOn: z.iso.date(),
  source: z.enum(["self-service", "agent", "meter reader"]),
  /** Computed. */
  display: z.string().max(10000).nullable(),
});
export type MeterReading = z.infer<typeof MeterReading>;

/** Meter. */
export const Meter = z.object({
  meterNo: z.string().max(10000).regex(new RegExp("^(?:M[0-9]{6})$", 'u')),
  /** The key of a Connection. */
  connection: z.string(),
  unit: z.enum(["kWh", "m3"]),
  /** An exact decimal. */
  lastReading: z.string().nullable(),
  lastReadOn: z.iso.date().nullable(),
});
export type Meter = z.infer<typeof Meter>;

/** What each object is: its values as they are read, what a new one takes, what a change may say, and what it leads to. */
export interface Model {
  Case: {
    values: Case;
    create: Pick<Case, 'subject' | 'kind' | 'customer'> & Partial<Pick<Case, 'cause' | 'status' | 'priority' | 'connection' | 'description' | 'openedAt' | 'due' | 'tags'>>;
    update: Partial<Pick<Case, 'subject' | 'kind' | 'cause' | 'status' | 'priority' | 'customer' | 'connection' | 'description' | 'openedAt' | 'due' | 'tags'>>;
    related: { customer: 'Customer'; connection: 'Connection' };
    linked: never;
  };
  Connection: {
    values: Connection;
    create: Pick<Connection, 'connectionNo' | 'customer' | 'address' | 'medium'> & Partial<Pick<Connection, 'region' | 'status'>>;
    update: Partial<Pick<Connection, 'customer' | 'address' | 'region' | 'medium' | 'status'>>;
    related: { customer: 'Customer'; meters: 'Meter'[]; interruptions: 'Interruption'[] };
    linked: 'interruptions';
  };
  Contract: {
    values: Contract;
    create: Pick<Contract, 'customer' | 'startsOn' | 'contractNo' | 'connection' | 'tariff'> & Partial<Pick<Contract, 'monthly' | 'endsOn'>>;
    update: Partial<Pick<Contract, 'customer' | 'monthly' | 'startsOn' | 'endsOn' | 'connection' | 'tariff'>>;
    related: { customer: 'Customer'; connection: 'Connection' };
    linked: never;
  };
  Customer: {
    values: Customer;
    create: Pick<Customer, 'customerNo' | 'name'> & Partial<Pick<Customer, 'email' | 'phone' | 'street' | 'postcode' | 'city' | 'segment' | 'iban' | 'tags' | 'since'>>;
    update: Partial<Pick<Customer, 'name' | 'email' | 'phone' | 'street' | 'postcode' | 'city' | 'segment' | 'iban' | 'tags' | 'since'>>;
    related: { connections: 'Connection'[]; contracts: 'Contract'[]; maintenance: 'Maintenance'[]; cases: 'Case'[]; invoices: 'Invoice'[] };
    linked: never;
  };
  Interruption: {
    values: Interruption;
    create: Pick<Interruption, 'subject' | 'medium' | 'startsAt'> & Partial<Pick<Interruption, 'endsAt' | 'state'>>;
    update: Partial<Pick<Interruption, 'subject' | 'medium' | 'startsAt' | 'endsAt' | 'state'>>;
    related: { connections: 'Connection'[] };
    linked: 'connections';
  };
  InvoiceLine: {
    values: InvoiceLine;
    create: Pick<InvoiceLine, 'year' | 'number' | 'line'> & Partial<Pick<InvoiceLine, 'text' | 'amount'>>;
    update: Partial<Pick<InvoiceLine, 'text' | 'amount'>>;
    related: Record<never, never>;
    linked: never;
  };
  Invoice: {
    values: Invoice;
    create: Pick<Invoice, 'year' | 'number'> & Partial<Pick<Invoice, 'customer' | 'total' | 'issuedOn' | 'paidOn'>>;
    update: Partial<Pick<Invoice, 'customer' | 'total' | 'issuedOn' | 'paidOn'>>;
    related: { customer: 'Customer'; lines: 'InvoiceLine'[] };
    linked: never;
  };
  Maintenance: {
    values: Maintenance;
    create: Pick<Maintenance, 'customer' | 'monthly' | 'startsOn' | 'maintenanceNo' | 'appliance'> & Partial<Pick<Maintenance, 'endsOn' | 'lastVisit'>>;
    update: Partial<Pick<Maintenance, 'customer' | 'monthly' | 'startsOn' | 'endsOn' | 'appliance' | 'lastVisit'>>;
    related: { customer: 'Customer' };
    linked: never;
  };
  MeterReading: {
    values: MeterReading;
    create: Pick<MeterReading, 'meter' | 'reading' | 'readOn' | 'source'> & unknown;
    update: Partial<Pick<MeterReading, 'meter' | 'reading' | 'readOn' | 'source'>>;
    related: { meter: 'Meter' };
    linked: never;
  };
  Meter: {
    values: Meter;
    create: Pick<Meter, 'meterNo' | 'connection' | 'unit'> & Partial<Pick<Meter, 'lastReading' | 'lastReadOn'>>;
    update: Partial<Pick<Meter, 'connection' | 'unit' | 'lastReading' | 'lastReadOn'>>;
    related: { connection: 'Connection'; readings: 'MeterReading'[] };
    linked: never;
  };
}

/** A record with the values of its object; those that the caller may not see are not there. */
export type ModelRecord<N extends keyof Model> = Omit<ObjectRecord, 'object' | 'values' | 'related'> & {
  object: N;
  values: Model[N]['values'];
  related?: { [R in keyof Model[N]['related']]?: Related<Model[N]['related'][R]> };
};
type Related<R> = R extends (infer M extends keyof Model)[]
  ? ModelRecord<M>[]
  : R extends keyof Model
    ? ModelRecord<R> | null
    : never;

type Name<N extends keyof Model> = keyof Model[N]['values'] & string;
interface Query<N extends keyof Model> {
  /** An expression over the object's attributes and relations. */
  where?: string;
  params?: Record<string, unknown>;
  search?: string;
  sort?: (Name<N> | `-${Name<N>}`)[];
  limit?: number;
  after?: string;
  include?: (keyof Model[N]['related'] & string)[];
}

/** The business objects with the types of this model. */
export interface ModelClient {
  find<N extends keyof Model>(object: N, query?: Query<N>): Promise<{ records: ModelRecord<N>[]; next: string | null }>;
  get<N extends keyof Model>(object: N, key: string, include?: (keyof Model[N]['related'] & string)[]): Promise<ModelRecord<N> | null>;
  create<N extends keyof Model>(object: N, values: Model[N]['create']): Promise<ModelRecord<N>>;
  update<N extends keyof Model>(object: N, key: string, values: Model[N]['update'], version?: string): Promise<ModelRecord<N>>;
  delete<N extends keyof Model>(object: N, key: string, version?: string): Promise<{ deleted: boolean }>;
  /** Links a record to others by a many-to-many relation; gives the keys of those that are new. */
  link<N extends keyof Model>(object: N, key: string, relation: Model[N]['linked'], keys: string[], values?: object): Promise<{ linked: string[] }>;
  unlink<N extends keyof Model>(object: N, key: string, relation: Model[N]['linked'], keys: string[]): Promise<{ unlinked: string[] }>;
}

/**
 * The business objects with the types of this model; what is called is the same.
 *
 * @example
 * const { records } = await modelClient(needs.objects).find('Customer', { where: "city = 'Delft'", sort: ['name'] });
 */
export function modelClient(objects: Client<typeof BusinessObjects>): ModelClient {
  const client = {
    find: (object: string, query: object = {}) => objects.find({ object, ...query }),
    get: (object: string, key: string, include?: string[]) =>
      objects.get({ object, key, ...(include === undefined ? {} : { include }) }),
    create: (object: string, values: object) => objects.create({ object, values: { ...values } }),
    update: (object: string, key: string, values: object, version?: string) =>
      objects.update({ object, key, values: { ...values }, ...(version === undefined ? {} : { version }) }),
    delete: (object: string, key: string, version?: string) =>
      objects.delete({ object, key, ...(version === undefined ? {} : { version }) }),
    link: (object: string, key: string, relation: string, keys: string[], values?: object) =>
      objects.link({ object, key, relation, keys, ...(values === undefined ? {} : { values: { ...values } }) }),
    unlink: (object: string, key: string, relation: string, keys: string[]) =>
      objects.unlink({ object, key, relation, keys }),
  };
  return client as unknown as ModelClient;
}
