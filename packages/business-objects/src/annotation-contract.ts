import type { Readable } from 'node:stream';
import { defineLocalContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

const By = z.object({ id: z.string(), name: z.string() });

/** A free note on a record. */
export const Note = z.object({ id: z.string(), text: z.string(), at: z.string(), by: By });
export type Note = z.infer<typeof Note>;

/** A file that was attached to a record; size in bytes. */
export const Attachment = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  size: z.number(),
  at: z.string(),
  by: By,
});
export type Attachment = z.infer<typeof Attachment>;

/** A file and its bytes, in parts. */
export interface AttachedFile extends Attachment {
  bytes: AsyncIterable<Uint8Array>;
}

/** Attached files as streams, for components in the same process. Acts with the rights of the current call. */
export interface AttachmentsApi {
  /**
   * Attaches a file to a record, for whoever may change something of it. One that is announced (bytes) too large is refused before any
   * of it is read. Throws ATTACHMENT_TOO_LARGE, ATTACHMENT_TYPE, ATTACHMENTS_TOO_MANY, RECORD_NOT_FOUND, ACCESS_DENIED.
   */
  attach(
    file: { object: string; key: string; name: string; type: string; announced?: number | undefined },
    bytes: Readable,
  ): Promise<Attachment>;
  /** Opens a file, for whoever sees the record. Throws ANNOTATION_MISSING, RECORD_NOT_FOUND. */
  open(file: { object: string; key: string; attachment: string }): Promise<AttachedFile>;
}

export const Attachments = defineLocalContract<AttachmentsApi>()({
  id: 'attachments',
  version: '1.0.0',
  methods: ['attach', 'open'],
});
