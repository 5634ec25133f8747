/** Nodes of one front office over NATS. Loaded by the composition root alone, and only where `cluster:` asks for it. */
export { nodesComponent } from './nodes-component.js';
export { ANNOUNCE_EVERY, LOST_AFTER } from './peers.js';
