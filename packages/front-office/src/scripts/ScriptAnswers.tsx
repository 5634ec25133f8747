import type { View } from '@caruso/script-engine/contract';
import { UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

/** What has been answered on the way here; each leads back to its step. */
export function ScriptAnswers({
  view,
  onBack,
}: {
  view: View;
  onBack: ((to: string) => Promise<void>) | undefined;
}): ReactElement | null {
  const { t } = useTranslation();
  if (view.answers.length === 0) return null;
  return (
    <section aria-label={t('script.answers')} className="script-answers">
      <h3>{t('script.answers')}</h3>
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
