// `npm run bench`: measures and writes docs/benchmarks.md; `npm run -s bench -- --json [name...]` prints one line a figure.
import { build, checkNode, install, run } from './toolchain.mjs';

checkNode();
await install();
await build();
process.exit(await run(process.execPath, ['tests/dist/bench/main.js', ...process.argv.slice(2)], { stdio: 'inherit' }));
