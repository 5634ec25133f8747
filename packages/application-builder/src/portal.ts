import type { PortalPlan } from './screen.js';
import { inLanguage } from './text.js';
import type { OfferedScript } from './viewer.js';
import { words } from './words.js';

export interface Portal {
  title: string;
  welcome: string;
  scripts: { id: string; label: string; description: string; icon: string }[];
  chat: { label: string; greeting: string } | null;
}

/**
 * What self-service offers: the scripts that are named and can be started on the web; without a portal.yaml all of those. Pure.
 *
 * @param chatOpen whether a chat channel is part of the front office
 */
export function resolvePortal(
  plan: PortalPlan | undefined,
  offered: ReadonlyMap<string, OfferedScript>,
  chatOpen: boolean,
  setting: { name: string; locale: string },
): Portal {
  const say = (text: Parameters<typeof inLanguage>[0]): string => inLanguage(text, setting.locale);
  const chat = {
    label: say(plan?.chat?.label ?? words.chat),
    greeting: say(plan?.chat?.greeting ?? words.greeting),
  };
  if (plan === undefined) {
    const scripts = [...offered.values()].map(({ id, title, description }) => ({
      id,
      label: title,
      description,
      icon: 'file',
    }));
    return { title: setting.name, welcome: '', scripts, chat: chatOpen ? chat : null };
  }
  return {
    title: say(plan.title),
    welcome: plan.welcome === undefined ? '' : say(plan.welcome),
    scripts: plan.scripts.flatMap(({ script, label, description, icon }) => {
      const found = offered.get(script);
      if (found === undefined) return [];
      return [
        {
          id: script,
          label: label === undefined ? found.title : say(label),
          description: description === undefined ? found.description : say(description),
          icon,
        },
      ];
    }),
    chat: chatOpen && plan.chat !== undefined ? chat : null,
  };
}
