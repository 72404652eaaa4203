import { type Phrase, type Reason, visible } from '@rebond/protocol';
import { unreachedWords } from '../console/unreached.ts';

const WHY = {
  'already-running': {
    fr: 'Une autre session Rebond tourne déjà avec ce dossier. Attendez sa fin. Rien n’a été touché.',
    en: 'Another Rebond session is already running with this folder. Wait for its end. Nothing was touched.',
  },
  'no-server-no-stick': {
    fr: 'Ni serveur (--server) ni clé USB appairée (rebond pair) : rien ne pourrait être prouvé. Rien n’a été touché.',
    en: 'Neither a server (--server) nor a paired stick (rebond pair): nothing could be proved. Nothing was touched.',
  },
  'no-code': {
    fr: 'Il faut un code de session : sur la page de l’atelier, « Nouvel ordinateur ». Rien n’a été touché.',
    en: 'A session code is needed: on the workshop’s page, “New laptop”. Nothing was touched.',
  },
  unreachable: {
    fr: 'Le serveur ne répond pas, et cette clé USB n’est pas appairée. Vérifiez le câble et l’adresse. Rien n’a été touché.',
    en: 'The server does not answer, and this stick is not paired. Check the cable and the address. Nothing was touched.',
  },
  refused: {
    fr: 'Le serveur refuse cette session. Rien n’a été touché.',
    en: 'The server refuses this session. Nothing was touched.',
  },
  'stick-damaged': {
    fr: 'Le fichier stick.json de ce dossier est abîmé ou n’est pas le nôtre. Appairez de nouveau (rebond pair) ; les fiches gardées ne sont pas touchées.',
    en: 'The file stick.json of this folder is damaged or not ours. Pair again (rebond pair); the records kept are not touched.',
  },
  address: {
    fr: 'L’adresse du serveur ne convient pas : http:// pour cette machine seule, https:// avec --pin partout ailleurs.',
    en: 'The server’s address will not do: http:// for this machine only, https:// with --pin anywhere else.',
  },
} as const satisfies Record<string, Phrase>;

/** The session did not begin, and no drive was opened. */
export class CannotBegin extends Error {
  override name = 'CannotBegin';
  readonly code: keyof typeof WHY;
  readonly phrase: Phrase;

  constructor(code: keyof typeof WHY, reason?: Reason, detail?: string) {
    super(code);
    this.code = code;
    const { fr, en } = WHY[code];
    // What a server says is hostile text too.
    const told = reason ?? unreachedWords(detail ?? '');
    const because = { fr: visible(told.fr), en: visible(told.en) };
    this.phrase = because.fr ? { fr: `${fr} (${because.fr})`, en: `${en} (${because.en})` } : { fr, en };
  }
}
