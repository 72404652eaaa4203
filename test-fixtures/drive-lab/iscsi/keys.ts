// What both ends agree on before they talk (RFC 7143 6, 13): keys and values, as text.
import { LONGEST_SEGMENT } from './pdu.ts';

export type Keys = ReadonlyMap<string, string>;

export function parseKeys(data: Buffer): Keys {
  const pairs = data
    .toString('utf8')
    .split('\0')
    .filter((pair) => pair.includes('='));
  return new Map(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const),
  );
}

export function writeKeys(pairs: readonly (readonly [string, string])[]): Buffer {
  return Buffer.from(pairs.map(([key, value]) => `${key}=${value}\0`).join(''), 'utf8');
}

export const BURST = 4 * 2 ** 20;

const smaller =
  (ours: number) =>
  (theirs: string): string =>
    String(Math.min(ours, Number.parseInt(theirs, 10) || ours));
const always = (value: string) => (): string => value;

/** Of those that are declared and not negotiated there is no answer; ours is said apart. */
const ANSWERS: Readonly<Record<string, (theirs: string) => string>> = {
  AuthMethod: always('None'),
  HeaderDigest: always('None'),
  DataDigest: always('None'),
  InitialR2T: always('Yes'),
  ImmediateData: always('Yes'),
  MaxConnections: always('1'),
  MaxOutstandingR2T: always('1'),
  ErrorRecoveryLevel: always('0'),
  DefaultTime2Wait: smaller(2),
  DefaultTime2Retain: always('0'),
  DataPDUInOrder: always('Yes'),
  DataSequenceInOrder: always('Yes'),
  IFMarker: always('No'),
  OFMarker: always('No'),
  MaxBurstLength: smaller(BURST),
  FirstBurstLength: smaller(LONGEST_SEGMENT),
};

const DECLARED = new Set(['InitiatorName', 'InitiatorAlias', 'TargetName', 'SessionType']);

export function answerKeys(asked: Keys): (readonly [string, string])[] {
  return [...asked].flatMap(([key, value]): (readonly [string, string])[] => {
    if (DECLARED.has(key)) return [];
    if (key === 'MaxRecvDataSegmentLength') return [[key, String(LONGEST_SEGMENT)]];
    const answer = ANSWERS[key];
    return [[key, answer ? answer(value) : 'NotUnderstood']];
  });
}
