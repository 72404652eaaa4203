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
