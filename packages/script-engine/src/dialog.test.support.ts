import { CarusoError } from '@caruso/service-manager/contract';
import { afterEach } from 'vitest';
import type { View } from './contract.js';
import { databaseFile, type House, openHouse } from './house.test.support.js';

/** How the tests of this package talk to a front office. */

const open: House[] = [];

/** Opens a front office that is closed after the test. */
export async function house(...parameters: Partial<Parameters<typeof openHouse>>): Promise<House> {
  const [url = `sqlite:${databaseFile()}`, ...rest] = parameters;
  const made = await openHouse(url, ...rest);
  open.push(made);
  return made;
}

afterEach(async () => {
  for (const each of open.splice(0)) {
    await each.dropSchema();
    await each.close();
  }
});

let messages = 0;
export const messageId = () => `message-${++messages}`;

/** The code of what the work throws. */
export async function code(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof CarusoError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}

/** Answers the step a view shows. */
export function answer(at: House, view: View, answers: Record<string, unknown>, id = messageId()): Promise<View> {
  return at.scripts.answer({ session: view.session, seq: view.seq, messageId: id, answers });
}

/** A text without its runs. */
export const words = (text: { text: string }[] | undefined) => (text ?? []).map((run) => run.text).join('');

/** A script that books what is answered, by a method of the ledger. */
export const bookingScript = (method: string) => `<script id="booking" version="1" xml:lang="en" channels="agent web">
  <section id="s">
    <question id="ask" name="amount" type="decimal" required="yes"><say>How much?</say></question>
    <action id="book" do="ledger.${method}" into="booked"><arg name="amount" expr="amount"/>
      <fail to="failed"><say>It was not booked.</say></fail></action>
    <question id="more" name="more" type="boolean"><say>Receipt <value of="booked.receipt"/>. Right?</say></question>
    <end id="done" outcome="booked"/>
    <end id="failed" outcome="failed"/>
  </section></script>`;
