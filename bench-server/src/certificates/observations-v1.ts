import type { ObservationsV1 } from '@rebond/protocol';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { bytes, duration, number, plural } from '../pages/units.ts';

type Row = readonly [string, Html | string];

/** What was seen by a plan of version 1, line by line; what was not seen says so. */
export function observationRowsV1(frame: Frame, seen: ObservationsV1, sizeBytes: number): Row[] {
  const { say } = frame;
  return [
    [say('Écrit', 'Written'), written(frame, seen, sizeBytes)],
    [
      say('Cache vidé', 'Cache flushed'),
      seen.flushed
        ? say('oui, confirmé par le disque', 'yes, confirmed by the drive')
        : say('non confirmé', 'not confirmed'),
    ],
    [say('Relu et retrouvé', 'Read back and found'), readBack(frame, seen, sizeBytes)],
    [
      say('Identité à la fin', 'Identity at the end'),
      seen.after
        ? html`${said(seen.after.identity.model, 60)} ${said(seen.after.identity.serial, 60)},
          ${bytes(frame, seen.after.sizeBytes)}`
        : say('pas relue', 'not read again'),
    ],
    ...(seen.stopped ? [[say('Arrêté', 'Stopped'), said(frame.phrase(seen.stopped), 600)] as const] : []),
  ];
}

function written(frame: Frame, { written: done }: ObservationsV1, sizeBytes: number): Html | string {
  const { say } = frame;
  if (!done) return say('rien n’a été vu', 'nothing was seen');
  return html`${share(frame, done.bytes, sizeBytes)},
  ${duration(frame, done.durationMs)}${errors(frame, done.errors)}`;
}

function readBack(frame: Frame, { readBack: seen }: ObservationsV1, sizeBytes: number): Html | string {
  const { say, language } = frame;
  if (!seen) return say('rien n’a été relu', 'nothing was read back');
  const differing = seen.mismatchedSectors;
  return html`${share(frame, seen.matchedBytes, sizeBytes)},
  ${duration(frame, seen.durationMs)}${
    differing > 0
      ? html` —
          <strong
            >${number(language, differing)}
            ${plural(frame, differing, ['secteur différent', 'secteurs différents'], ['differing sector', 'differing sectors'])}</strong
          >, ${say('le premier à l’octet', 'the first at byte')} ${seen.mismatches[0] ?? '?'}`
      : null
  }${errors(frame, seen.errors)}${
    seen.direct
      ? null
      : html` <span class="quiet"
          >(${say('peut-être depuis le cache du système', 'perhaps from the system’s cache')})</span
        >`
  }`;
}

function share(frame: Frame, part: number, whole: number): Html {
  const percent = whole === 0 ? 0 : Math.floor((part / whole) * 1000) / 10;
  return html`${bytes(frame, part)} ${frame.say('sur', 'of')} ${bytes(frame, whole)}
  (${number(frame.language, percent, 1)} %)`;
}

function errors(frame: Frame, list: readonly { offset: number; code: string }[]): Html | null {
  const [first] = list;
  if (!first) return null;
  return html` —
    <strong>${list.length} ${plural(frame, list.length, ['erreur', 'erreurs'], ['error', 'errors'])}</strong>,
    ${frame.say('la première à l’octet', 'the first at byte')} ${first.offset} (${said(first.code, 60)})`;
}
