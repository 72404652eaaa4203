/** Why the server does not start: one sentence in each language, printed alone, and a non-zero exit status. */
export class StartRefusal extends Error {
  readonly fr: string;
  readonly en: string;

  constructor(fr: string, en: string, options?: ErrorOptions) {
    super(en, options);
    this.name = 'StartRefusal';
    this.fr = fr;
    this.en = en;
  }
}

export function diskFull(cause: unknown): StartRefusal {
  return new StartRefusal(
    'Le disque du dossier de données est plein : faites de la place, puis recommencez.',
    'The disk of the data folder is full: make room, then start again.',
    { cause },
  );
}
