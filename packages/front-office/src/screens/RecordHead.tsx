import { Text, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { FieldValue } from './FieldValue.js';
import type { RecordScreen } from './record-screen.js';

/** What the record is and what people call it, and the few facts that matter. */
export function RecordHead({ screen, level }: { screen: RecordScreen; level: 1 | 2 }): ReactElement {
  return (
    <div style={{ minWidth: 0 }}>
      {level === 1 && screen.label !== screen.display && (
        <Text size="sm" c="dimmed">
          {screen.label}
        </Text>
      )}
      <Title order={level} className="breaking" mb={4}>
        {screen.display}
      </Title>
      <dl className="facts">
        {screen.head.map(({ path, label, attribute }) => (
          <div key={path}>
            <dt>{label}</dt>
            <dd>
              <FieldValue value={screen.values[path]} attribute={attribute} reference={screen.references[path]} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
