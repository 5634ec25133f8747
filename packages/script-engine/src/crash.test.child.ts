import { appendFileSync } from 'node:fs';
import type { View } from './contract.js';
import { agent, as, openHouse } from './house.test.support.js';
import { SessionStore } from './store.js';

/**
 * What dies in crash.test.ts: `<database> <ledger> <sessions> <stopping>`. Each session goes its own way, which depends on its
 * number and its view alone. When stopping, each goes one event further and waits there to be killed.
 */
const [database = '', ledger = '', count = '0', stopping = ''] = process.argv.slice(2);

export const script = `<script id="order" version="1" xml:lang="en" channels="agent web">
  <on event="go" to="confirm"/>
  <section id="s">
    <question id="ask" name="amount" type="integer" required="yes"><say>How much?</say>
      <check expr="amount &lt; 8"><say>Too much.</say></check><next to="few" if="amount &lt; 3"/></question>
    <action id="put" do="ledger.put" into="put"><arg name="amount" expr="text(amount)"/>
      <undo do="ledger.put"><arg name="amount" expr="'minus ' + put.receipt"/></undo><fail to="sorry"/></action>
    <loop id="parts" over="['x', 'y']" as="part" into="all">
      <question id="kind" name="kind" type="boolean" required="yes"><say><value of="part"/>?</say></question>
    </loop>
    <info id="few"><say>You have <value of="coalesce(amount, 0)"/>.</say></info>
    <question id="confirm" name="right" type="boolean" required="yes"><say>Right?</say><next to="ask" if="right = false"/></question>
    <action id="mail" do="ledger.put" barrier="yes"><arg name="amount" expr="'mail'"/><fail to="sorry"/></action>
    <end id="done" outcome="done"><say>Done with <value of="amount"/>.</say></end>
    <end id="sorry" outcome="failed"/>
  </section></script>`;

const waiting = new Set<string>();
let running = false;
let tell: () => void = () => {};

/** Something was made durable; the session waits here for its end, the first time. */
async function boundary(session: string): Promise<void> {
  if (!running || stopping === '') return;
  waiting.add(session);
  tell();
  await new Promise(() => {});
}

const { append } = SessionStore.prototype;
SessionStore.prototype.append = async function (first, events, row, ...rest) {
  await append.call(this, first, events, row, ...rest);
  await boundary(row.id);
};

const house = await openHouse(
  database,
  { 'scripts/order.xml': script },
  {
    onLedger: async ({ amount, call }) => {
      appendFileSync(ledger, `${call.id}\t${amount}\n`);
      await boundary(call.id.split('/')[0] ?? '');
    },
    receipt: (call) => call.id.split('/').slice(1).join('/'),
  },
);
running = true;

/** A number that depends on the session and where it is. */
function dice(number: number, view: View, below: number): number {
  let value = Math.imul(number + 1, 0x9e3779b9) ^ Math.imul(view.seq + 1, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return ((value ^ (value >>> 13)) >>> 0) % below;
}

async function play(number: number): Promise<View> {
  let view = await house.scripts.start({ script: 'order', channel: 'agent', requestId: `r${number}` });
  while (view.outcome === null && view.seq < 16) {
    const { session, seq } = view;
    const to = { session, seq, messageId: `m${seq}` };
    const chance = dice(number, view, 10);
    if (chance === 0 && view.canGoBack) view = await house.scripts.back(to);
    else if (chance === 1) view = await house.scripts.signal({ ...to, event: 'go' });
    else {
      const value = dice(number + 7, view, 10);
      const answers = (view.step?.questions ?? []).map(({ name, type }) => [
        name,
        type === 'boolean' ? value > 2 : value,
      ]);
      view = await house.scripts.answer({ ...to, answers: Object.fromEntries(answers) as Record<string, unknown> });
    }
  }
  return view;
}

const views: View[] = [];
let ended = 0;
const all = Array.from({ length: Number(count) }, async (_, number) => {
  views[number] = await as(agent, () => play(number));
  ended++;
  tell();
});
await new Promise<void>((resolve) => {
  tell = () => {
    if (waiting.size + ended >= Number(count)) resolve();
  };
  tell();
});
if (waiting.size > 0) {
  // Somebody who listens keeps the process alive until it is killed.
  process.on('disconnect', () => process.exit(1));
  process.send?.({ waiting: waiting.size });
  await new Promise(() => {});
}
await Promise.all(all);
await house.close();
// What was seen of hundreds of sessions does not fit in the pipe at once.
await new Promise((resolve) => process.send?.({ views }, resolve));
process.exit(0);
