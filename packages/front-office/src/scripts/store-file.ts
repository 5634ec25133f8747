import { createContext } from 'react';
import { call } from '../client/call.js';
import type { Input } from '../client/contracts.js';

/** Where the parts of a file go that answers a question; where a dialog is only tried out, nowhere. */
export const StoreFile = createContext<(part: Input<'scripts.attach'>) => Promise<unknown>>((part) =>
  call('scripts.attach', part),
);
