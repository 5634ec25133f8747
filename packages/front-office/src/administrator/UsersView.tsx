import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { Nothing } from '../screens/FieldValue.js';
import { DataTable } from '../ui/DataTable.js';
import { Loaded } from '../ui/Loaded.js';
import { Page } from '../ui/Page.js';
import { StateBadge } from '../ui/StateBadge.js';

/** Everybody who can sign in. */
export function UsersView(): ReactElement {
  const { t } = useTranslation();
  const list = useCall('users.list', {});
  return (
    <Page title={t('users.title')}>
      <div className="sheet">
        <Loaded from={list}>
          {({ users }) => (
            <DataTable
              label={t('users.title')}
              rows={users}
              rowId={({ user }) => user}
              columns={[
                { id: 'user', label: t('users.user'), render: ({ user }) => user },
                { id: 'name', label: t('users.name'), render: ({ name }) => name },
                { id: 'email', label: t('users.email'), render: ({ email }) => email ?? <Nothing /> },
                { id: 'roles', label: t('users.roles'), render: ({ roles }) => roles.join(', ') },
                {
                  id: 'active',
                  label: t('users.state'),
                  render: ({ active }) => (
                    <StateBadge tone={active ? 'ready' : 'quiet'}>
                      {active ? t('users.active') : t('users.inactive')}
                    </StateBadge>
                  ),
                },
              ]}
            />
          )}
        </Loaded>
      </div>
    </Page>
  );
}
