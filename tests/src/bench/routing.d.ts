import { type Figure } from './figure.js';
/** Whole routing decisions a second with 180 agents and 200 waiting contacts, against a naive scan of every agent for every contact. */
export declare function routing(): Figure[];
//# sourceMappingURL=routing.d.ts.map
