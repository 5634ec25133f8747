import { build, checkNode, install } from './toolchain.mjs';

checkNode();
await install();
await build();
