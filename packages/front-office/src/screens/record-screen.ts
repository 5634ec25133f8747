import type { Block, Screen } from '@caruso/application-builder/contract';

export type RecordScreen = Extract<Screen, { kind: 'record' }>;
export type BlockOf<K extends Block['kind']> = Extract<Block, { kind: K }>;
