import type { ReactElement } from 'react';
import { BlockFrame } from './BlockFrame.js';
import { FieldValue } from './FieldValue.js';
import { InlineField } from './InlineField.js';
import type { BlockOf, RecordScreen } from './record-screen.js';

/** A group of fields; those the user may write can be edited where they stand. */
export function FieldsBlock({ block, screen }: { block: BlockOf<'fields'>; screen: RecordScreen }): ReactElement {
  return (
    <BlockFrame label={block.label}>
      <dl className="field-list">
        {block.fields.map((field) => {
          const { path, label, attribute } = field;
          const value = screen.values[path];
          const reference = screen.references[path];
          const editable = block.editable && !attribute.readOnly && !path.includes('.') && attribute.type !== 'binary';
          return (
            <div key={path} className="field-row">
              <dt>{label}</dt>
              <dd>
                {editable ? (
                  <InlineField
                    field={field}
                    value={value}
                    reference={reference}
                    record={screen}
                    values={screen.values}
                  />
                ) : (
                  <FieldValue
                    value={value}
                    attribute={attribute}
                    reference={reference}
                    {...(path.includes('.') ? {} : { record: { object: screen.object, key: screen.key } })}
                  />
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </BlockFrame>
  );
}
