import { defineComponent } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { startErp } from '../legacy/erp-server.mjs';

/** Milliseconds until a port that was taken is tried again. */
const AGAIN = 5_000;

/**
 * Stands in for the ERP in the demonstration, on a port of this machine. A company that has one sets ERP_URL and says
 * `erp-demo: { enabled: false }`.
 */
export default defineComponent({
  provides: {},
  version: '1.0.0',
  needs: {},
  config: z.strictObject({ port: z.number().int().min(0).max(65_535) }),
  create: ({ config, clock, effect, log }) => {
    let erp: Awaited<ReturnType<typeof startErp>> | undefined;
    let shared = false;
    let closed = false;
    const listen = async (): Promise<void> => {
      if (erp !== undefined || closed) return;
      try {
        const started = await startErp({ port: config.port, today: () => new Date(clock.now()) });
        if (closed) return await started.close();
        erp = started;
        shared = false;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        // Another front office on this machine runs the demonstration too; its ERP serves both.
        if (!shared) log.info({ port: config.port }, 'the demonstration ERP of another process is used');
        shared = true;
      }
    };
    effect('ERP of the demonstration', async () => {
      closed = true;
      await erp?.close();
    });
    return {
      handlers: {},
      started: async () => {
        await listen();
        effect(
          'look for the port of the ERP',
          clock.every(AGAIN, () => void listen()),
        );
      },
      inspect: () => ({ url: erp?.url, shared }),
    };
  },
});
