// `npm start`: installs and builds what is missing, then runs the utility front office with its demo data.
import { build, checkNode, install, run } from './toolchain.mjs';

checkNode();
await install();
await build();
const args = process.argv.slice(2);
const port = args.includes('--port') ? [] : ['--port', process.env.PORT ?? '8080'];
process.exit(
  await run(process.execPath, ['packages/cli/bin/caruso.js', 'start', 'examples/utility', ...port, ...args]),
);
