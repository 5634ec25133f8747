import { Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { humanise } from '../format/humanise.js';
import { useFormat } from '../format/use-format.js';
import { Loaded } from '../ui/Loaded.js';
import { Moment } from '../ui/Moment.js';
import { NothingHere } from '../ui/NothingHere.js';
import { BlockFrame } from './BlockFrame.js';
import { FieldValue } from './FieldValue.js';
import type { BlockOf, RecordScreen } from './record-screen.js';

/** Who changed what, newest first. */
export function HistoryBlock({ block, screen }: { block: BlockOf<'history'>; screen: RecordScreen }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const history = useCall('objects.history', { object: screen.object, key: screen.key });
  const description = useCall('objects.describe', { object: screen.object });
  const attributes = new Map(description.data?.objects[0]?.attributes.map((one) => [one.name, one]));
  const shown = (name: string, value: unknown): ReactElement => {
    const attribute = attributes.get(name);
    return attribute === undefined ? <>{format.anything(value)}</> : <FieldValue value={value} attribute={attribute} />;
  };
  const happened = (type: string, data: Record<string, unknown>): string => {
    const verb = type.split('.').at(-1) ?? type;
    if (!isLink(type)) return humanise(verb);
    const relation = description.data?.objects[0]?.relations.find(({ name }) => name === data['relation']);
    const key = verb === 'linked' ? 'history.linked' : 'history.unlinked';
    return t(key, { relation: relation?.label ?? String(data['object']) });
  };
  return (
    <BlockFrame label={block.label}>
      <Loaded from={history}>
        {({ events }) =>
          events.length === 0 ? (
            <NothingHere title={t('history.empty')} />
          ) : (
            <ol className="timeline">
              {events.map(({ seq, type, at, actor, changed, data }) => (
                <li key={seq}>
                  <IconHistory size={16} stroke={1.6} aria-hidden />
                  <div style={{ minWidth: 0 }}>
                    <Text size="sm">
                      <b>{happened(type, data)}</b> · {actor.id}{' '}
                      <Text component="span" size="xs" c="dimmed">
                        <Moment at={at} />
                      </Text>
                    </Text>
                    {isLink(type) && (
                      <Text size="sm" className="breaking">
                        {String(data['display'] ?? data['key'])}
                      </Text>
                    )}
                    {changed.map(({ attribute, before, after }) => (
                      <Text key={attribute} size="sm" className="breaking">
                        {attributes.get(attribute)?.label ?? humanise(attribute)}: {shown(attribute, before)} →{' '}
                        {shown(attribute, after)}
                      </Text>
                    ))}
                  </div>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </BlockFrame>
  );
}

function isLink(type: string): boolean {
  return type.endsWith('.linked') || type.endsWith('.unlinked');
}
