import {
  CarusoError,
  type Client,
  type Clock,
  defineClassComponent,
  defineContract,
  type Handlers,
  Tokens,
} from '@caruso/service-manager/contract';
import { inject, injectable, preDestroy } from 'inversify';
import { z } from 'zod';
import { ErpConfig, ErpSoap } from './erp-soap.js';
import { Connection } from './model.js';

const staff = ['agent', 'supervisor', 'administrator'];
const WorkOrder = z.object({
  number: z.string(),
  work: z.string(),
  state: z.enum(['planned', 'under way', 'done', 'cancelled']),
  /** The day a crew comes; null as long as none was found. */
  planned: z.iso.date().nullable(),
  crew: z.string(),
});

/** What the front office may ask the ERP of the field service. */
export const Erp = defineContract({
  id: 'erp',
  version: '1.0.0',
  methods: {
    workOrders: {
      summary: 'What the field service has done and will do at a connection, the latest first',
      input: z.object({ connectionNo: z.string().max(20) }),
      output: z.object({ workOrders: z.array(WorkOrder) }),
      idempotent: true,
      timeout: 8_000,
      allow: staff,
    },
    openWorkOrder: {
      summary: 'Sends a crew of the field service to a connection',
      input: z.object({
        connectionNo: Connection.shape.connectionNo,
        work: z.string().min(1).max(200),
        urgent: z.boolean().default(false),
      }),
      output: WorkOrder,
      // The ERP knows our reference again, the id of the call: sent twice, it gives the same work order.
      idempotent: true,
      timeout: 15_000,
      allow: staff,
    },
    stock: {
      summary: 'How many of an article are in the store, and in which',
      input: z.object({ article: z.string().max(40) }),
      output: z.object({ article: z.string(), pieces: z.number().int(), store: z.string() }),
      idempotent: true,
      timeout: 8_000,
      allow: staff,
    },
  },
});

/** Dates of the ERP are numbers such as 20260131; 0 is none. */
const ErpDate = z
  .string()
  .regex(/^(0|\d{8})$/)
  .transform((day) => (day === '0' ? null : `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`))
  .pipe(z.iso.date().nullable());
const states = { '10': 'planned', '20': 'under way', '80': 'done', '90': 'cancelled' } as const;
const ErpWorkOrder = z
  .object({
    Number: z.string().regex(/^WO\d+$/),
    Text: z.string(),
    Status: z.enum(['10', '20', '80', '90']),
    PlannedDate: ErpDate,
    Crew: z.string(),
  })
  .transform(({ Number: number, Text: work, Status, PlannedDate: planned, Crew: crew }) => ({
    number,
    work,
    state: states[Status],
    planned,
    crew,
  }));
/** An element that occurs any number of times comes as nothing, one or a list. */
const many = <T extends z.ZodType>(one: T) => z.preprocess((value) => [value ?? []].flat(), z.array(one).max(500));

type Handled = Handlers<typeof Erp>;
type Input<M extends keyof Client<typeof Erp>> = Parameters<Handled[M]>[0];
type Given = Parameters<Handled['stock']>[1];

/** Wraps the ERP, whose operations, codes and dates nobody else in the front office has to know. */
@injectable()
class ErpWrapper {
  #trouble: string | undefined;
  #stopProbing: (() => void) | undefined;

  constructor(
    @inject(ErpSoap) private readonly erp: ErpSoap,
    @inject(Tokens.clock) private readonly clock: Clock,
    @inject(Tokens.config) private readonly config: ErpConfig,
  ) {}

  async workOrders({ connectionNo }: Input<'workOrders'>, { signal }: Given) {
    const answer = z.object({ WorkOrder: many(ErpWorkOrder) });
    const { WorkOrder } = await this.erp.ask('GetWorkOrders', { ConnectionNo: connectionNo }, answer, signal);
    return { workOrders: WorkOrder.toSorted((a, b) => b.number.localeCompare(a.number)) };
  }

  async openWorkOrder({ connectionNo, work, urgent }: Input<'openWorkOrder'>, { id, signal }: Given) {
    const order = { ConnectionNo: connectionNo, Text: work, Priority: urgent ? '1' : '5', Reference: id };
    const answer = z.object({ WorkOrder: ErpWorkOrder });
    const { WorkOrder } = await this.erp.ask('CreateWorkOrder', order, answer, signal);
    return WorkOrder;
  }

  async stock({ article }: Input<'stock'>, { signal }: Given) {
    const answer = z.object({ Quantity: z.string().regex(/^\d{1,9}$/), Store: z.string() });
    const found = await this.erp.ask('GetStock', { Article: article }, answer, signal).catch((error: unknown) => {
      if (!(error instanceof CarusoError) || error.code !== 'ERP_UNKNOWN') throw error;
      throw new CarusoError({
        code: 'ARTICLE_UNKNOWN',
        message: `The ERP has no article '${article}'`,
        remedy: 'look the article up in its catalogue',
        status: 404,
        cause: error,
      });
    });
    return { article, pieces: Number(found.Quantity), store: found.Store };
  }

  started(): void {
    void this.#probe();
    this.#stopProbing = this.clock.every(this.config.probeEvery, () => void this.#probe());
  }

  health(): string | undefined {
    return this.#trouble;
  }

  inspect(): unknown {
    return { url: this.config.url };
  }

  @preDestroy()
  close(): void {
    this.#stopProbing?.();
  }

  async #probe(): Promise<void> {
    const patience = new AbortController();
    const stopWaiting = this.clock.after(this.config.probeEvery / 2, () => patience.abort());
    this.#trouble = await this.erp.ask('Ping', {}, z.object({}), patience.signal).then(
      () => undefined,
      (error: Error) => error.message,
    );
    stopWaiting();
  }
}

export default defineClassComponent({
  provides: Erp,
  version: '1.0.0',
  needs: {},
  config: ErpConfig,
  limits: { concurrency: 8, waiting: 200 },
  bindings: (container) => container.bind(ErpSoap).toSelf(),
  implementation: ErpWrapper,
});
