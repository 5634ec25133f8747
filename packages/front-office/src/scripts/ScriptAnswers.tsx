import type { View } from '@caruso/script-engine/contract';
import { Title, UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

/** What has been answered on the way here; each leads back to its step. */
export function ScriptAnswers({
  view,
  onBack,
  level,
}: {
  view: View;
  onBack: ((to: string) => Promise<void>) | undefined;
  /** Of its heading. */
  level: 2 | 3;
}): ReactElement | null {
  const { t } = useTranslation();
  if (view.answers.length === 0) return null;
  return (
    <section aria-label={t('script.answers')} className="script-answers">
      <Title order={level}>{t('script.answers')}</Title>
      <dl>
        {view.answers.map(({ step, name, label, display }) => (
          <div key={`${step} ${name}`}>
            <dt>{label}</dt>
            <dd>
              {view.canGoBack && onBack !== undefined ? (
                <UnstyledButton
                  className="script-answer"
                  title={t('script.backTo', { step: label })}
                  onClick={() => void onBack(step)}
                >
                  {display}
                </UnstyledButton>
              ) : (
                display
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
