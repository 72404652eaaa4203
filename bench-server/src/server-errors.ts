import type { Phrase } from '@rebond/protocol';

/** What this server refuses beyond the protocol's own errors. Codes are stable: the agent and scripts read them. */
export const SERVER_ERRORS = {
  'bad-code': {
    status: 401,
    fr: 'Ce code n’est pas valable : il est faux, déjà utilisé ou trop ancien.',
    en: 'This code is not valid: it is wrong, already used or too old.',
  },
  'bad-sign-in': {
    status: 401,
    fr: 'Ce nom et cette phrase secrète ne vont pas ensemble.',
    en: 'This name and this passphrase do not go together.',
  },
  'sign-in-first': { status: 401, fr: 'Connectez-vous d’abord.', en: 'Sign in first.' },
  'not-allowed': {
    status: 403,
    fr: 'Cette page est réservée au responsable de l’atelier.',
    en: 'This page is for the lead of the workshop.',
  },
  'bad-form': {
    status: 403,
    fr: 'Ce formulaire est trop ancien ou ne vient pas de ces pages : rechargez la page et recommencez.',
    en: 'This form is too old or does not come from these pages: reload the page and start again.',
  },
  'wrong-host': {
    status: 421,
    fr: 'Ce serveur ne répond pas à ce nom.',
    en: 'This server does not answer to this name.',
  },
  'wrong-content-type': {
    status: 415,
    fr: 'Ce type de contenu n’est pas accepté ici.',
    en: 'This content type is not accepted here.',
  },
  'bad-request': { status: 400, fr: 'La requête est mal formée.', en: 'The request is malformed.' },
  'not-found': { status: 404, fr: 'Il n’y a rien à cette adresse.', en: 'There is nothing at this address.' },
  'not-in-quarantine': {
    status: 409,
    fr: 'Ce disque n’est pas (ou plus) en quarantaine : rien n’a été noté.',
    en: 'This drive is not (or no longer) in quarantine: nothing was noted.',
  },
  'already-destroyed': {
    status: 409,
    fr: 'La destruction de ce disque est déjà certifiée : un disque n’est détruit qu’une fois. Rien n’a été noté.',
    en: 'The destruction of this drive is certified already: a drive is destroyed once. Nothing was noted.',
  },
  'nothing-destroyed': {
    status: 422,
    fr: 'Cette méthode ne détruit rien sur ce support (un démagnétiseur n’efface pas la mémoire flash ; des morceaux trop grands se relisent). Le disque reste en quarantaine : choisissez une autre méthode.',
    en: 'This method destroys nothing on this medium (a degausser does not erase flash memory; pieces that are too large can be read). The drive stays in quarantine: choose another method.',
  },
  'too-many': {
    status: 429,
    fr: 'Trop de demandes : attendez un peu.',
    en: 'Too many requests: wait a little.',
  },
  'session-conflict': {
    status: 409,
    fr: 'Cette session appartient déjà à une autre clé ou à une autre machine.',
    en: 'This session already belongs to another key or machine.',
  },
  'sequence-conflict': {
    status: 409,
    fr: 'Un autre compte rendu porte déjà ce numéro dans cette session.',
    en: 'Another record already has this number in this session.',
  },
  'journal-conflict': {
    status: 409,
    fr: 'Le serveur garde déjà d’autres lignes à cet endroit du journal de cette session.',
    en: 'The server already keeps other lines at this place of this session’s journal.',
  },
  'journal-gap': {
    status: 409,
    fr: 'Il manque des lignes avant celles-ci : renvoyez le journal depuis la dernière ligne acquittée.',
    en: 'Lines are missing before these: send the journal again from the last acknowledged line.',
  },
  'journal-full': {
    status: 413,
    fr: 'Le journal de cette session dépasse ce que le serveur en garde (64 Mio) : gardez la clé USB branchée.',
    en: 'The journal of this session exceeds what the server keeps of one (64 MiB): keep the stick plugged in.',
  },
  'no-image': {
    status: 404,
    fr: 'Ce serveur ne propose aucune image de démarrage.',
    en: 'This server offers no live image.',
  },
  'no-such-range': {
    status: 416,
    fr: 'Le fichier est plus court que la partie demandée.',
    en: 'The file is shorter than the part asked for.',
  },
  'unknown-session': {
    status: 422,
    fr: 'Ce serveur n’a pas ouvert cette session avec cette clé.',
    en: 'This server did not open this session with this key.',
  },
  'unknown-stick': {
    status: 422,
    fr: 'Cette clé USB n’a pas été appairée ici.',
    en: 'This stick was not paired here.',
  },
  'revoked-stick': { status: 422, fr: 'Cette clé USB a été révoquée.', en: 'This stick was revoked.' },
  'already-decided': {
    status: 409,
    fr: 'Quelqu’un a déjà décidé entre-temps : relisez la page.',
    en: 'Somebody has decided in the meantime: read the page again.',
  },
  'reason-needed': { status: 400, fr: 'Un refus demande une raison.', en: 'A rejection needs a reason.' },
  'name-taken': { status: 409, fr: 'Quelqu’un porte déjà ce nom.', en: 'Somebody already has this name.' },
  'name-needed': {
    status: 400,
    fr: 'Le nom est vide, trop long ou contient des caractères invisibles.',
    en: 'The name is empty, too long or has invisible characters.',
  },
  'last-lead': {
    status: 409,
    fr: 'Un atelier garde au moins un responsable actif.',
    en: 'A workshop keeps at least one active lead.',
  },
  'weak-passphrase': {
    status: 400,
    fr: 'La phrase secrète doit avoir de 12 à 256 caractères, et les deux saisies doivent être égales.',
    en: 'The passphrase must have 12 to 256 characters, and both entries must be equal.',
  },
  'disk-full': {
    status: 507,
    fr: 'Le disque du serveur est plein : rien n’a été enregistré. Faites de la place, puis renvoyez.',
    en: 'The server’s disk is full: nothing was stored. Make room, then send again.',
  },
  internal: {
    status: 500,
    fr: 'Le serveur a rencontré une erreur. Rien de ce que vous avez envoyé n’a été pris en compte.',
    en: 'The server met an error. Nothing that you sent was taken into account.',
  },
} as const satisfies Record<string, Phrase & { status: number }>;
export type ServerErrorCode = keyof typeof SERVER_ERRORS;
