import type { Phrase } from '@rebond/protocol';

/** The command line asks for something that makes no sense. */
export class UsageError extends Error {
  override name = 'UsageError';
  readonly phrase: Phrase;

  constructor(phrase: Phrase) {
    super(phrase.en);
    this.phrase = phrase;
  }
}
