import type { Block } from '@caruso/application-builder/contract';
import type { ReactElement } from 'react';
import { AttachmentsBlock } from './AttachmentsBlock.js';
import { FieldsBlock } from './FieldsBlock.js';
import { HistoryBlock } from './HistoryBlock.js';
import { ListBlock } from './ListBlock.js';
import { NotesBlock } from './NotesBlock.js';
import type { RecordScreen } from './record-screen.js';
import { ServiceBlock } from './ServiceBlock.js';
import { TimelineBlock } from './TimelineBlock.js';

interface Props {
  block: Block;
  screen: RecordScreen;
  compact: boolean;
}

export function BlockView({ block, screen, compact }: Props): ReactElement {
  switch (block.kind) {
    case 'fields':
      return <FieldsBlock block={block} screen={screen} />;
    case 'list':
      return <ListBlock block={block} screen={screen} compact={compact} />;
    case 'timeline':
      return <TimelineBlock block={block} />;
    case 'service':
      return <ServiceBlock block={block} />;
    case 'notes':
      return <NotesBlock block={block} screen={screen} />;
    case 'attachments':
      return <AttachmentsBlock block={block} screen={screen} />;
    case 'history':
      return <HistoryBlock block={block} screen={screen} />;
  }
}
