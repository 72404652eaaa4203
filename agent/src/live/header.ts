import type { Phrase } from '@rebond/protocol';
import { type HeaderFacts, headerLines, stickText } from '../console/live-header.ts';
import type { LiveScreen } from '../console/live-screen.ts';
import type { Lang } from '../console/progress-line.ts';
import { drawable } from '../console/charset.ts';

/** Draws the header, and writes to the log what of it changed: whoever reads the log sees no screen. */
export function headerDrawer(
  screen: Pick<LiveScreen, 'header' | 'width'>,
  log: (line: string) => void,
  lang: Lang,
): (facts: HeaderFacts) => void {
  const logged = new Map<string, string>();
  const note = (label: Phrase, text: string): void => {
    if (logged.get(label.fr) === text) return;
    logged.set(label.fr, text);
    log(drawable(`[${label[lang]}] ${text}`));
  };
  return (facts) => {
    screen.header(headerLines(facts, lang, screen.width()));
    note({ fr: 'clé', en: 'stick' }, stepped(stickText(facts.stick, lang)));
    note(
      { fr: 'serveur', en: 'server' },
      facts.server.kind === 'joined' ? facts.server.origin : facts.server.kind,
    );
    note({ fr: 'réseau', en: 'network' }, facts.addresses.join(' · ') || '—');
  };
}

/** A percentage that counts up is a line for each quarter. */
function stepped(text: string): string {
  return text.replace(/(\d+) %$/, (_, percent: string) => `${Math.floor(Number(percent) / 25) * 25} %`);
}
