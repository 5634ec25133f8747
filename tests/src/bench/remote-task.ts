// One of two processes of a remote call: `remote-task.js serve|call NAME URL`; the one that calls prints its rate.
import { overNats } from './competitors/over-nats.js';

const inFlight = 64;
const [side, name = '', url = ''] = process.argv.slice(2);
const competitor = overNats[name];
if (competitor === undefined) throw new Error(`nobody is called ${name}`);

if (side === 'serve') {
  await competitor.serve(url);
  console.log('ready');
  process.on('disconnect', () => process.exit());
} else {
  const call = await competitor.caller(url);
  if ((await call()) !== 3) throw new Error(`${name} adds wrongly`);
  await rate(call, 1500);
  console.log(await rate(call, 3000));
  process.exit();
}

/** Calls a second with so many under way all the time. */
async function rate(call: () => Promise<unknown>, milliseconds: number): Promise<number> {
  let calls = 0;
  const begin = performance.now();
  const one = async () => {
    while (performance.now() - begin < milliseconds) {
      await call();
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  return (calls * 1000) / (performance.now() - begin);
}
