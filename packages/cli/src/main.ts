import { processIo } from './io.js';
import { run } from './program.js';

/** Milliseconds for what is printed to get away. */
const LAST_WORDS = 1_000;

process.exitCode = await run(process.argv.slice(2), processIo());
// What a component left open (it was told) must not keep the process for ever; where nothing is open, this does not either.
setTimeout(() => process.exit(), LAST_WORDS).unref();
