import { type Certificate, certificateFileName, type DriveIdentity, Outcome } from '@rebond/protocol';
import { clauseWords } from '../pages/foreign.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { clock, decisionBadge, facts, outcomeChip, rehearsalBadge, rejectedChip } from '../pages/parts.ts';
import { bytes } from '../pages/units.ts';
import { type Grounds, observationRows, stepList } from './observations.ts';
import { LEVELS, MACHINE_BASES, MEDIA, TECHNIQUES } from './pdf-names.ts';
import { findingWords } from './pdf-verdict.ts';
import type { CertificateLine } from './queries.ts';

/** A rejection before all else, and then what the tool found in plain words; else the outcome and the decision. */
export function marks(
  frame: Frame,
  { outcome, mode, decision }: Pick<CertificateLine, 'outcome' | 'mode' | 'decision'>,
  kind?: Certificate['verification']['kind'],
): Html {
  const rehearsal = rehearsalBadge(frame, mode);
  if (decision !== 'rejected')
    return html`${outcomeChip(frame, outcome, mode)}${rehearsal}${decisionBadge(frame, decision)}`;
  const { phrase } = frame;
  const found = Outcome.catch('unknown').parse(outcome);
  return html`${rejectedChip(frame)}${rehearsal}<span class="quiet"
      >${phrase(findingWords(found, kind))}</span
    >`;
}

export function mediaFacts(frame: Frame, { media }: Certificate): Html {
  const { say, phrase } = frame;
  return facts([
    [say('Modèle', 'Model'), said(media.identity.model)],
    [say('Numéro de série', 'Serial'), said(media.identity.serial)],
    labelFact(frame, media.identity),
    ['WWID', said(media.identity.wwid)],
    [say('Sorte', 'Kind'), phrase(MEDIA[media.medium])],
    [
      say('Taille', 'Size'),
      html`${bytes(frame, media.sizeBytes)}
        <span class="quiet">(${media.sizeBytes} ${say('octets', 'bytes')})</span>`,
    ],
    [say('Chemin', 'Path'), html`<code>${said(media.path)}</code>`],
  ]);
}

/** A label of the workshop, where a drive has no number of its own. */
export function labelFact({ say }: Frame, { propertyLabel }: DriveIdentity): readonly [string, Html] | null {
  if (propertyLabel === undefined) return null;
  const own = say(
    'collée par l’atelier ; le disque ne la connaît pas',
    'stuck on by the workshop; the drive does not know it',
  );
  return [
    say('Étiquette de l’atelier', 'Property label'),
    html`<strong>${said(propertyLabel, 40)}</strong> <span class="quiet">(${own})</span>`,
  ];
}

export function machineFacts(frame: Frame, { machine }: Pick<Certificate, 'machine'>): Html {
  const { say, phrase } = frame;
  return facts([
    [say('Fabricant', 'Manufacturer'), said(machine.manufacturer)],
    [say('Modèle', 'Model'), said(machine.product)],
    [say('Numéro de série', 'Serial'), said(machine.serial)],
    [
      say('Identifiant', 'Identifier'),
      html`<a href="/machines/${machine.ref.id}"><code>${machine.ref.id}</code></a>
        <span class="quiet">${phrase(MACHINE_BASES[machine.ref.basis])}</span>`,
    ],
  ]);
}

export function methodFacts(
  frame: Frame,
  { method, verification: seen, media, outcome, validation }: Certificate,
): Html {
  const { say, phrase } = frame;
  const achieved = phrase(LEVELS[method.levelAchieved]);
  const rows = facts([
    [
      say('Technique', 'Technique'),
      html`${phrase(TECHNIQUES[method.technique])} <code class="quiet">${method.technique}</code>`,
    ],
    [say('Niveau demandé', 'Level requested'), phrase(LEVELS[method.levelRequested])],
    validation.decision === 'rejected'
      ? [say('Niveau selon l’outil (rejeté)', 'Level per the tool (rejected)'), achieved]
      : [say('Niveau atteint', 'Level achieved'), html`<strong>${achieved}</strong>`],
    [say('Fondement', 'Clause'), clauseWords(frame, method.clause)],
    ...policyRow(frame, seen),
    ...observationRows(frame, seen, { outcome, sizeBytes: media.sizeBytes }),
    [say('Outil', 'Tool'), said(`${method.tool.name} ${method.tool.version}`)],
  ]);
  return html`${rows} ${stepList(frame, seen)}`;
}

/** Which of the workshop's policies was followed; version 1 knew none. */
export function policyRow({ say }: Frame, grounds: Grounds): (readonly [string, string])[] {
  if (!('plan' in grounds)) return [];
  const { id, version } = grounds.plan.policy;
  return [[say('Politique', 'Policy'), `${id} (version ${version})`]];
}

export function limits(frame: Frame, { notCovered }: Certificate): Html | null {
  const { say, phrase } = frame;
  if (notCovered.length === 0) return null;
  return html`<section class="card">
    <h2>${say('Ce que ceci ne couvre pas', 'What this does not cover')}</h2>
    <ul>
      ${notCovered.map((each) => html`<li>${said(phrase(each), 600)}</li>`)}
    </ul>
  </section>`;
}

export function peopleFacts(
  frame: Frame,
  { performer, performedAt, bench, issuedAt, issuer, validation }: Certificate,
): Html {
  const { say } = frame;
  const decided =
    validation.decision === 'pending'
      ? null
      : html`${said(validation.person.name, 60)},
        ${clock(frame, validation.at)}${validation.decision === 'rejected' ? html`<br />${said(validation.why, 600)}` : null}`;
  return facts([
    [
      say('Technicien', 'Technician'),
      performer
        ? said(performer.name, 60)
        : say('aucun n’a pu se connecter (hors ligne)', 'none could sign in (offline)'),
    ],
    [say('Poste', 'Bench'), said(bench)],
    [say('Effectué', 'Performed'), clock(frame, performedAt)],
    [say('Émis', 'Issued'), clock(frame, issuedAt)],
    [
      say('Atelier', 'Workshop'),
      html`${said(issuer.workshop.name, 60)} <code class="quiet">${issuer.workshop.id}</code>`,
    ],
    [say('Validation', 'Validation'), html`${decisionBadge(frame, validation.decision)} ${decided}`],
  ]);
}

export function verification(frame: Frame, { certificateId, record, supersedes }: Certificate): Html {
  const { say, workshop } = frame;
  const file = `${certificateFileName(certificateId)}.json`;
  return html`<ol class="steps">
      <li>
        ${say('Téléchargez le document signé et le', 'Download the signed document and the')}
        <a href="/api/trust" download>${say('fichier de confiance', 'trust file')}</a>.
      </li>
      <li>
        ${say('Comparez l’empreinte par un autre chemin :', 'Compare the fingerprint by another way:')}
        <code class="fingerprint">${workshop.anchorId}</code>
      </li>
      <li><code>npm run -s rebond -- verify --trust rebond-trust-${workshop.ref.id}.json ${file}</code></li>
    </ol>
    ${facts([
      [say('Certificat', 'Certificate'), html`<code>${certificateId}</code>`],
      supersedes
        ? [
            say('Remplace', 'Replaces'),
            html`<a href="/certificates/${supersedes}"><code>${supersedes}</code></a>`,
          ]
        : null,
      [
        say('Fiche', 'Record'),
        html`<a href="/api/records/${record.sha256}.json" download
          ><code class="fingerprint">${record.sha256}</code></a
        >`,
      ],
      [say('Journal', 'Journal'), html`<code class="fingerprint">${record.journalSha256}</code>`],
    ])}`;
}
