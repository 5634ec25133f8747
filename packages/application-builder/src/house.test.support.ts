import type { z } from 'zod';
import type { Block } from './contract.js';
import { administrator, agent, files, type House, house, partner, visitor } from './house.test.support.js';
