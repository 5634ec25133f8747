import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { callByName } from '../client/call.js';
import type { Fault } from '../client/fault.js';
import { Loaded } from '../ui/Loaded.js';
import { BlockFrame } from './BlockFrame.js';
import type { BlockOf } from './record-screen.js';
import { ServiceAnswer } from './ServiceAnswer.js';

/** What a method of a service gives: data of a wrapped system on a screen. */
export function ServiceBlock({ block }: { block: BlockOf<'service'> }): ReactElement {
  const answer = useQuery<{ value: unknown }, Fault>({
    queryKey: [block.method, block.input],
    queryFn: async ({ signal }) => ({ value: await callByName(block.method, block.input, signal) }),
  });
  return (
    <BlockFrame label={block.label}>
      <Loaded from={answer}>{({ value }) => <ServiceAnswer value={value} label={block.label} />}</Loaded>
    </BlockFrame>
  );
}
