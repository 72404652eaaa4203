export type BuildErrorCode =
  | 'no-debian-archive'
  | 'tool-failed'
  | 'package-missing'
  | 'bad-list'
  | 'bad-debs'
  | 'other-kernel'
  | 'too-big';

/** Says in French and in English what is wrong and what to do. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
  readonly code: BuildErrorCode;

  constructor(code: BuildErrorCode, fr: string, en: string, options?: ErrorOptions) {
    super(`${fr}\n${en}`, options);
    this.code = code;
  }
}
