import {
  type Checklist,
  CHECKLIST_ITEMS,
  type ChecklistAnswer,
  type ChecklistItem,
  clip,
  type Inventory,
  type Phrase,
  visible,
} from '@rebond/protocol';
import type { ClockDoor, Files } from '../effects/types.ts';
import type { Asking } from './asking.ts';

/** Asks for what no program sees for certain; nobody at a keyboard has not looked. */
export async function askChecklist(
  inventory: Inventory,
  { files, asking, clock }: { files: Files; asking: Asking; clock: ClockDoor },
): Promise<Checklist> {
  asking.tell(HEAD, 'strong');
  const answers: Checklist['answers'] = [];
  for (const item of CHECKLIST_ITEMS) {
    const seen = await seenOf(item, inventory, files);
    if (seen.length > 0) {
      const listed = seen.map((each) => visible(each, 60)).join(', ');
      asking.tell({ fr: `  La machine voit : ${listed}`, en: `  The machine sees: ${listed}` });
    }
    const answer = answerOf(await asking.ask(() => QUESTIONS[item]));
    answers.push({ item, answer, seen });
  }
  const open = answers.filter(({ answer }) => answer === 'not-looked').length;
  if (open > 0) asking.tell(OPEN);
  return { answers, at: clock.now() };
}

function answerOf(typed: string | null): ChecklistAnswer {
  const key = typed?.trim().toUpperCase();
  if (key === 'R') return 'removed';
  return key === 'N' ? 'nothing' : 'not-looked';
}

/** What the machine itself sees of it: card readers with a card, modems, optical drives. */
async function seenOf(item: ChecklistItem, inventory: Inventory, files: Files): Promise<string[]> {
  switch (item) {
    case 'sd-card': {
      const drives = inventory.drives.outcome === 'read' ? inventory.drives.value : [];
      const cards = drives.filter(({ medium, sizeBytes }) => medium === 'sd-card' && sizeBytes);
      return cards.slice(0, 8).map(({ path, identity }) => clip(`${path} ${identity.model ?? ''}`.trim()));
    }
    case 'sim':
      return await named('/sys/class/net', /^ww(?:an|p)/, files);
    case 'optical':
      return await named('/sys/block', /^sr\d+$/, files);
    case 'stickers':
      return [];
  }
}

async function named(folder: string, pattern: RegExp, files: Files): Promise<string[]> {
  const listed = await files.list(folder);
  return listed.kind === 'read' ? listed.value.filter((name) => pattern.test(name)).slice(0, 8) : [];
}

const HEAD: Phrase = {
  fr: 'Pour finir, regardez la machine. R puis Entrée : retiré · N : rien · Entrée seule : pas regardé',
  en: 'Last, look at the machine. R and Enter: removed · N: nothing there · Enter alone: not looked',
};
const QUESTIONS: Readonly<Record<ChecklistItem, Phrase>> = {
  'sd-card': { fr: 'Carte SD, dans sa fente ? R, N ou Entrée', en: 'SD card, in its slot? R, N or Enter' },
  sim: {
    fr: 'Carte SIM (sous la batterie, sur le bord) ? R, N ou Entrée',
    en: 'SIM card (under the battery, at the edge)? R, N or Enter',
  },
  optical: {
    fr: 'Disque dans le lecteur optique ? R, N ou Entrée',
    en: 'Disc in the optical drive? R, N or Enter',
  },
  stickers: {
    fr: 'Étiquettes et numéros de l’ancien propriétaire ? R, N ou Entrée',
    en: 'Stickers and asset tags of the former owner? R, N or Enter',
  },
};
const OPEN: Phrase = {
  fr: 'Ce qui n’a pas été regardé est noté ainsi dans la fiche.',
  en: 'What was not looked at is noted so in the record.',
};
