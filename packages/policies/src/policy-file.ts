import { z } from 'zod';

const Text = z.string().min(1);
const Values = z.record(z.string(), z.unknown());

/** What a policy does: call a method; set attributes of the subject; remind somebody of the subject. */
const ConsequenceSchema = z
  .strictObject({
    call: Text.optional(),
    with: Values.optional(),
    set: Values.optional(),
    remind: Text.optional(),
    to: Text.optional(),
    at: Text.optional(),
  })
  .check((context) => {
    const { call, set, remind, to, at } = context.value;
    const kinds = [call, set, remind].filter((kind) => kind !== undefined).length;
    const issue = (message: string, remedy: string) =>
      context.issues.push({ code: 'custom', input: context.value, message, params: { remedy } });
    if (kinds !== 1) issue('a consequence does one thing', 'write one of call:, set: or remind:');
    if (context.value.with !== undefined && call === undefined)
      issue("'with' belongs to call:", 'add call: contract.method');
    if (remind !== undefined && (to === undefined || at === undefined))
      issue('a reminder needs a person and a time', 'add to: and at:');
    if (remind === undefined && (to !== undefined || at !== undefined))
      issue("'to' and 'at' belong to remind:", 'add remind: and its text');
  });
export type ConsequenceFile = z.output<typeof ConsequenceSchema>;

/** The schema of policies/*.yaml. */
export const PolicyFileSchema = z
  .strictObject({
    policy: z.string().regex(/^[a-z][a-z0-9-]*$/, 'a policy is named in lower-case letters, digits and hyphens'),
    /** Events: `Case.created`, or several. */
    on: z.union([Text, z.array(Text).min(1)]).optional(),
    /** Instead of `on`: a cron pattern in the front office's time zone. */
    every: Text.optional(),
    if: Text.optional(),
    do: z.array(ConsequenceSchema).min(1),
  })
  .check((context) => {
    if ((context.value.on === undefined) === (context.value.every === undefined)) {
      const params = { remedy: 'write on: Object.event, or every: and a cron pattern' };
      context.issues.push({
        code: 'custom',
        input: context.value,
        message: 'a policy begins with one of on: and every:',
        params,
      });
    }
  });
export type PolicyFile = z.output<typeof PolicyFileSchema>;
