import {
  ENVELOPE_MAX,
  keyIdOf,
  type Phrase,
  PROTOCOL_ERRORS,
  ProtocolError,
  TrustFile,
  type Verdict,
  verifyDocument,
  visible,
} from '@rebond/protocol';
import type { Files } from '../effects/types.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { sayBoth, type Terminal } from './terminal.ts';
import { factsOf, verdictLines } from './verdict.ts';

const TRUST_MAX = 1024 * 1024;
const NAMED: Phrase = { fr: 'Fichier illisible', en: 'Unreadable file' };

/** `rebond verify FILE [--trust FILE]`: says what a stored record or certificate is worth. */
export async function verifyCommand(
  file: string,
  options: { trust?: string; json?: boolean },
  doors: { files: Files; terminal: Terminal },
): Promise<ExitCode> {
  const { files, terminal } = doors;
  const document = await files.bytes(file, ENVELOPE_MAX + 1);
  if (document.kind !== 'read') return unreadable(file, terminal, options.json);
  let trust: TrustFile | null = null;
  if (options.trust !== undefined) {
    trust = await readTrust(options.trust, files);
    if (!trust) return unreadable(options.trust, terminal, options.json);
  }
  try {
    const verdict = await verifyDocument(document.value, trust);
    tellVerdict(verdict, await keyIdOf(verdict.anchor), terminal, options.json);
    return verdict.trusted ? EXIT.ok : EXIT.issuerUnknown;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    tellInvalid(error, terminal, options.json);
    return EXIT.failed;
  }
}

async function readTrust(path: string, files: Files): Promise<TrustFile | null> {
  const result = await files.text(path, TRUST_MAX);
  if (result.kind !== 'read') return null;
  try {
    return TrustFile.parse(JSON.parse(result.value));
  } catch {
    return null; // said as unreadable: a trust file that is half understood must not be half believed
  }
}

function unreadable(path: string, terminal: Terminal, json = false): ExitCode {
  if (json) terminal.result(JSON.stringify({ status: 'unreadable', path }));
  sayBoth(terminal, { fr: `${NAMED.fr} : ${visible(path)}`, en: `${NAMED.en}: ${visible(path)}` });
  return EXIT.usage;
}

function tellInvalid({ code, detail }: ProtocolError, terminal: Terminal, json = false): void {
  const { fr, en } = PROTOCOL_ERRORS[code];
  if (json) terminal.result(JSON.stringify({ status: 'invalid', code, detail: visible(detail), fr, en }));
  else terminal.result(`✗ ${fr}\n  ${en}\n  [${code}${detail && `: ${visible(detail)}`}]`);
}

function tellVerdict(verdict: Verdict, fingerprint: string, terminal: Terminal, json = false): void {
  const status = verdict.trusted ? 'valid' : 'intact-issuer-unknown';
  terminal.result(
    json
      ? JSON.stringify({ status, kind: verdict.kind, key: fingerprint, ...factsOf(verdict) })
      : verdictLines(verdict, fingerprint).join('\n'),
  );
}
