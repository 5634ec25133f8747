import { z } from 'zod';

/** What is to be known of the links of a many-to-many relation. */
const LinksDescription = z.object({
  /** The object whose records are the links, and its references to here and there; absent where they are no records. */
  through: z.object({ object: z.string(), from: z.string(), to: z.string() }).optional(),
  /** The relation of the other object that leads back over the same links. */
  inverse: z.string().optional(),
  /** A link says nothing but which two. */
  bare: z.boolean(),
  /** The caller may make and remove links. */
  may: z.object({ link: z.boolean(), unlink: z.boolean() }),
});

/** A reference, or a to-many relation. */
export const RelationDescription = z.object({
  name: z.string(),
  label: z.string(),
  kind: z.enum(['one', 'many']),
  to: z.string(),
  /** For `many`: the attributes of the other object that lead back here, in the order of this object's key; none of a many-to-many. */
  by: z.array(z.string()),
  /** Of a many-to-many relation. */
  links: LinksDescription.optional(),
});
export type RelationDescription = z.infer<typeof RelationDescription>;

/** Keys of what a many-to-many relation leads to. `version` is that of the record, which a link does not change. */
export const UnlinkInput = z.object({
  object: z.string(),
  key: z.string(),
  relation: z.string(),
  keys: z.array(z.string()).min(1).max(500),
  version: z.string().optional(),
});
export const LinkInput = UnlinkInput.extend({
  /** What the junction says beside the two: for each link the same. */
  values: z.record(z.string(), z.unknown()).optional(),
});
