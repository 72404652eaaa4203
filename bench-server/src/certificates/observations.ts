import {
  type CertificateV1,
  type CertificateV2,
  type ObservationsV2,
  type Outcome,
  VERIFICATION_NAMES,
} from '@rebond/protocol';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { bytes } from '../pages/units.ts';
import { commandLines } from './commands.ts';
import { hiddenWords, meansWords } from './means-words.ts';
import { observationRowsV1 } from './observations-v1.ts';
import type { Line } from './step-text.ts';
import { stepWords, verificationLabel } from './step-words.ts';

type Row = readonly [string, Html | string];

/** What a judgement rests on, of either version. */
export type Grounds = Pick<CertificateV1['verification'], 'observations'> | CertificateV2['verification'];

/** What was seen while a drive was sanitized, line by line; what was not seen says so. */
export function observationRows(
  frame: Frame,
  grounds: Grounds,
  { outcome, sizeBytes }: { outcome: Outcome; sizeBytes: number },
): Row[] {
  if (!('plan' in grounds)) return observationRowsV1(frame, grounds.observations, sizeBytes);
  const { say, phrase } = frame;
  const { kind, plan, capabilities, observations, commands } = grounds;
  const { stopped } = observations;
  return [
    [phrase(verificationLabel(outcome)), html`<strong>${phrase(VERIFICATION_NAMES[kind])}</strong>`],
    [say('Moyens annoncés', 'Means announced'), lines(frame, meansWords(capabilities))],
    [say('Zones cachées', 'Hidden areas'), lines(frame, hiddenWords(capabilities, plan, observations.steps))],
    [say('Commandes', 'Commands'), lines(frame, commandLines(commands))],
    [say('Identité à la fin', 'Identity at the end'), ending(frame, observations)],
    ...(stopped ? [[say('Arrêté', 'Stopped'), said(phrase(stopped), 600)] as const] : []),
  ];
}

/** The steps in their order; a plan of version 1 had its one work among the rows above. */
export function stepList(frame: Frame, grounds: Grounds): Html | null {
  if (!('plan' in grounds)) return null;
  const { say, phrase } = frame;
  const steps = stepWords(grounds.plan, grounds.observations.steps);
  return html`<p class="work-title">${say('Étape par étape', 'Step by step')}</p>
    <ol class="work">
      ${steps.map(
        (step, index) =>
          html`<li>
            <span>${index + 1}. ${phrase(step.name)}</span>
            <div>${lines(frame, step.lines)}</div>
          </li>`,
      )}
    </ol>`;
}

/** One below the other; what a drive or a tool said is in them, so that they are cut and made visible. */
function lines({ phrase }: Frame, all: readonly Line[]): Html {
  return html`${all.map((line, index) => {
    const words = said(phrase(line), 700);
    const text = line.code ? html`<code class="fingerprint">${words}</code>` : words;
    return html`${index > 0 ? html`<br />` : null}${line.loud ? html`<strong>${text}</strong>` : text}`;
  })}`;
}

function ending(frame: Frame, { after }: ObservationsV2): Html | string {
  if (!after) return frame.say('pas relue', 'not read again');
  const { identity, sizeBytes } = after;
  return html`${said(identity.model, 60)} ${said(identity.serial, 60)}, ${bytes(frame, sizeBytes)}`;
}
