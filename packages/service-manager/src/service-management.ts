import { z } from 'zod';
import { defineComponent } from './component-definition.js';
import { ServiceManagement } from './services.js';

/** The service manager as a service like any other. */
export const serviceManagement = defineComponent({
  provides: ServiceManagement,
  version: '1.0.0',
  needs: {},
  config: z.strictObject({}),
  create: ({ services }) => ({ handlers: { tree: () => ({ services: services.tree() }) } }),
});
