import { z } from 'zod';
import { defineContract } from './contract-definition.js';

/** A process of the front office. */
export const NodeLine = z.object({
  node: z.string(),
  /** The one that answers. */
  own: z.boolean(),
  /** Machine and process, for people. */
  where: z.string(),
  /** ISO UTC. */
  started: z.string(),
  phase: z.enum(['here', 'leaving']),
  providers: z.array(z.string()),
});
export type NodeLine = z.infer<typeof NodeLine>;

/** The nodes of a front office that runs on several machines. There is none where it runs on one. */
export const Nodes = defineContract({
  id: 'nodes',
  version: '1.0.0',
  methods: {
    list: {
      summary: 'The processes that make up this front office',
      input: z.object({}),
      output: z.object({ nodes: z.array(NodeLine) }),
      idempotent: true,
      allow: ['administrator'],
    },
  },
});
