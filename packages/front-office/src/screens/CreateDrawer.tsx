import type { Field } from '@caruso/application-builder/contract';
import type { ObjectRecord } from '@caruso/business-objects/contract';
import { Drawer } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { Loaded } from '../ui/Loaded.js';
import { sayDone } from '../ui/say-fault.js';
import { CreateForm } from './CreateForm.js';
import { formFields } from './form-fields.js';

interface Props {
  object: string;
  /** Fields of the form; absent: every attribute the user may write. */
  fields?: Field[];
  values?: Record<string, unknown>;
  onClose: () => void;
  onCreated?: (record: ObjectRecord) => void;
}

/** The form that creates a record, beside what is on the screen. */
export function CreateDrawer({ object, fields, values, onClose, onCreated }: Props): ReactElement {
  const { t } = useTranslation();
  const description = useCall('objects.describe', { object });
  const label = description.data?.objects[0]?.label ?? object;
  const created = (record: ObjectRecord): void => {
    sayDone(t('record.created', { record: record.display }));
    onClose();
    onCreated?.(record);
  };
  return (
    <Drawer opened onClose={onClose} title={t('record.createTitle', { object: label })}>
      <Loaded from={description}>
        {({ objects }) => (
          <CreateForm
            object={object}
            fields={fields ?? formFields(objects[0])}
            {...(values === undefined ? {} : { values })}
            onCreated={created}
            onCancel={onClose}
          />
        )}
      </Loaded>
    </Drawer>
  );
}
