import { type Phrase, visible } from '@rebond/protocol';
import { unreachedWords } from '../console/unreached.ts';
import type { Credentials, Scope } from '../report/credentials.ts';
import type { Keeper } from './keeper.ts';
import type { Link } from './link.ts';
import { leave } from './power.ts';
import { askForShell, shellRemark } from './shell.ts';
import type { Voice } from './voice.ts';

export type MenuDoors = {
  voice: Voice;
  keeper: Pick<Keeper, 'powerFacts' | 'remark' | 'recount'>;
  link: Pick<Link, 'server' | 'look'>;
  /** What this laptop signs with, once a session was opened. */
  signed: () => { credentials: Credentials; scope: Scope } | null;
  go: (way: 'poweroff' | 'reboot') => Promise<boolean>;
  /** Gives the terminal to a shell and takes it back. */
  openShell: () => Promise<void>;
  /** The image that may be taken now: its version; null where there is none. */
  offered: () => string | null;
  update: () => Promise<void>;
};

/** `E`, `R`, `C`, `M`. @returns false for anything else */
export async function menuCommand(typed: string, doors: MenuDoors): Promise<boolean> {
  const { voice, keeper } = doors;
  switch (typed.toUpperCase()) {
    case 'E':
    case 'R':
      await keeper.recount();
      await leave(typed.toUpperCase() === 'E' ? 'poweroff' : 'reboot', keeper.powerFacts(), voice, doors.go);
      return true;
    case 'C':
      await shell(doors);
      return true;
    case 'M':
      if (doors.offered() === null) voice.tell(NO_UPDATE);
      else await doors.update();
      return true;
    default:
      return false;
  }
}

/** What may be done after a session; Enter begins another. */
export async function menu(doors: MenuDoors): Promise<void> {
  for (;;) {
    doors.voice.now(READY);
    const typed = (await doors.voice.ask(() => choices(doors.offered()))) ?? '';
    if (typed === '') return;
    if (!(await menuCommand(typed, doors))) doors.voice.tell(choices(doors.offered()));
  }
}

/** Only with a grant that the server signed for this very request; it is in the next record, and in the log. */
async function shell({ voice, link, keeper, signed, openShell }: MenuDoors): Promise<void> {
  const own = signed();
  if (own === null) return voice.tell(NOT_SIGNED);
  const code = await voice.ask(() => CODE);
  if (!code) return;
  await link.look();
  const answer = await askForShell(code, link.server, own.credentials, own.scope);
  if (answer.kind === 'unreachable') return voice.tell(noServer(answer.detail), 'alarm');
  if (answer.kind === 'refused') return voice.tell(noShell(answer.reason), 'alarm');
  const remark = shellRemark(answer.grant);
  keeper.remark(remark);
  voice.tell(remark, 'strong');
  await openShell();
  voice.tell({ fr: 'La console est fermée.', en: 'The shell is closed.' });
}

function choices(offered: string | null): Phrase {
  const update =
    offered === null
      ? { fr: '', en: '' }
      : {
          fr: ` · M : mettre la clé à jour (${visible(offered, 40)})`,
          en: ` · M: update the stick (${visible(offered, 40)})`,
        };
  return {
    fr: `Entrée : nouvelle session · E : éteindre · R : redémarrer · C : console (code du responsable)${update.fr}`,
    en: `Enter: new session · E: power off · R: restart · C: console (lead’s code)${update.en}`,
  };
}

const READY: Phrase = { fr: 'Terminé. La machine attend.', en: 'Finished. The machine waits.' };
const NO_UPDATE: Phrase = {
  fr: 'Le serveur n’offre pas d’image plus récente que celle de cette clé.',
  en: 'The server offers no image newer than that of this stick.',
};
const NOT_SIGNED: Phrase = {
  fr: 'Une console ne s’ouvre qu’après qu’une session a été ouverte : tapez d’abord le code de l’atelier.',
  en: 'A shell opens only after a session was opened: type the workshop’s code first.',
};
const CODE: Phrase = {
  fr: 'Code de console, donné par un responsable (Entrée pour renoncer) :',
  en: 'Shell code, given by a lead (Enter to give up):',
};

function noServer(detail: string): Phrase {
  const { fr, en } = unreachedWords(detail);
  return {
    fr: `Le serveur n’est pas joint (${fr}) : sans son accord, pas de console.`,
    en: `The server is not reached (${en}): without its word, no shell.`,
  };
}

function noShell({ fr, en }: Phrase): Phrase {
  return { fr: `Pas de console : ${visible(fr, 300)}`, en: `No shell: ${visible(en, 300)}` };
}
