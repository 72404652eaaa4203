import { type Evidence, lastAttempts } from '@rebond/protocol';
import { labelFact, policyRow } from '../certificates/facts.ts';
import { type Grounds, observationRows, stepList } from '../certificates/observations.ts';
import { reasonList } from '../certificates/reasons.ts';
import { LEVELS, MEDIA, TECHNIQUES } from '../certificates/pdf-names.ts';
import type { CertificateLine } from '../certificates/queries.ts';
import type { Frame } from '../pages/frame.ts';
import { clauseWords } from '../pages/foreign.ts';
import { html, type Html, said } from '../pages/html.ts';
import { clock, decisionBadge, facts, outcomeChip, rehearsalBadge, rejectedChip } from '../pages/parts.ts';
import { bytes, duration } from '../pages/units.ts';
import { decisionForm } from './decisions.ts';
import type { Shown } from './pages.ts';

export function sanitizationSection(frame: Frame, shown: Shown): Html {
  const { say } = frame;
  const { sanitizations } = shown.record;
  const last = new Set(lastAttempts(sanitizations).map(({ index }) => index));
  return html`<section aria-labelledby="wipes">
    <h2 id="wipes">${say('Effacements', 'Sanitizations')}</h2>
    ${
      sanitizations.length === 0
        ? html`<p class="empty">
            ${say('Aucun disque n’a été effacé dans cette session.', 'No drive was sanitized in this session.')}
          </p>`
        : sanitizations.map((evidence, index) =>
            sanitization(frame, evidence, index, shown.record.mode, {
              isLast: last.has(index),
              certificate: shown.certificates.get(index),
            }),
          )
    }
  </section>`;
}

function sanitization(
  frame: Frame,
  evidence: Evidence,
  index: number,
  mode: string,
  { isLast, certificate }: { isLast: boolean; certificate: CertificateLine | undefined },
): Html {
  const { say, phrase } = frame;
  const { plan, outcome, levelAchieved, tool } = evidence;
  const grounds = groundsOf(evidence);
  const { target } = plan;
  return html`<article class="card wipe ${mode === 'rehearsal' ? 'hatched' : ''}">
    <h3>
      ${said(target.identity.model ?? target.path, 80)}
      <span class="marks"
        >${certificate?.decision === 'rejected' ? rejectedChip(frame) : outcomeChip(frame, outcome, mode)}${rehearsalBadge(frame, mode)}</span
      >
    </h3>
    ${reasonList(frame, evidence.reasons)}
    ${facts([
      [say('Numéro de série', 'Serial'), said(target.identity.serial)],
      labelFact(frame, target.identity),
      [
        say('Support', 'Media'),
        html`${phrase(MEDIA[target.medium])}, ${bytes(frame, target.sizeBytes)},
          <code>${said(target.path, 80)}</code>`,
      ],
      [say('Technique', 'Technique'), phrase(TECHNIQUES[plan.technique])],
      [
        say('Niveau', 'Level'),
        html`${say('demandé', 'requested')} ${phrase(LEVELS[plan.levelRequested])},
          ${say('atteint', 'achieved')} <strong>${phrase(LEVELS[levelAchieved])}</strong>`,
      ],
      [say('Fondement', 'Clause'), clauseWords(frame, plan.clause)],
      ...policyRow(frame, grounds),
      ...observationRows(frame, grounds, { outcome, sizeBytes: target.sizeBytes }),
      [
        say('Début, durée', 'Start, duration'),
        html`${clock(frame, evidence.startedAt)}, ${duration(frame, evidence.durationMs)}`,
      ],
      [say('Outil', 'Tool'), said(`${tool.name} ${tool.version}`)],
    ])}
    ${stepList(frame, grounds)} ${isLast ? certificateLine(frame, certificate, index) : earlierAttempt(frame)}
  </article>`;
}

function groundsOf(evidence: Evidence): Grounds {
  if (evidence.schema === 'rebond.evidence/1') return { observations: evidence.observations };
  return { ...evidence, kind: evidence.plan.verification };
}

/** A drive has one certificate, for how it was left. */
function earlierAttempt({ say }: Frame): Html {
  return html`<p class="quiet">
    ${say(
      'Tentative suivie d’une autre sur ce disque : le certificat est celui de la dernière.',
      'Attempt followed by another on this drive: the certificate is that of the last one.',
    )}
  </p>`;
}

function certificateLine(frame: Frame, certificate: CertificateLine | undefined, index: number): Html {
  const { say, person } = frame;
  if (!certificate)
    return html`<p class="quiet">${say('Pas encore de certificat.', 'No certificate yet.')}</p>`;
  const { id, decision } = certificate;
  return html`<div class="certificate-line">
    <p>
      <a href="/certificates/${id}">${say('Certificat', 'Certificate')}</a> ${decisionBadge(frame, decision)}
      <a href="/api/certificates/${id}.pdf" download>PDF</a>
      <a href="/api/certificates/${id}.json" download>JSON</a>
    </p>
    ${person?.role === 'admin' ? decisionForm(frame, `/certificates/${id}/decision`, `drive-${index}`) : null}
  </div>`;
}
