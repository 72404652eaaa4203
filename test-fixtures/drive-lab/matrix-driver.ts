// Runs in a lab guest, bundled: carries out one plan on one drive with the agent's own parts, and prints the evidence.
import { type Drive, type SanitizePolicy, type Technique, visible } from '@rebond/protocol';
import { ladder } from '../../agent/src/decide/ladder.ts';
import { openForOverwrite } from '../../agent/src/effects/block.ts';
import { systemClock } from '../../agent/src/effects/clock.ts';
import { sizeAgain, suspend, waitMs } from '../../agent/src/effects/drive-again.ts';
import { files } from '../../agent/src/effects/files.ts';
import { run } from '../../agent/src/effects/run.ts';
import { probeCapabilities } from '../../agent/src/probe/capabilities.ts';
import { probeDriveAgain } from '../../agent/src/probe/drives.ts';
import { runPlan } from '../../agent/src/sanitize/run-plan.ts';
import { TECHNIQUES } from '../../agent/src/sanitize/techniques/index.ts';

export type Order = { path: string; technique: Technique; policy: SanitizePolicy };
export type Told =
  | { kind: 'evidence'; evidence: Awaited<ReturnType<typeof runPlan>> }
  /** The drive does not offer the technique, or the policy passes it over. */
  | { kind: 'not-offered'; why: { code: string; en: string } | null }
  | { kind: 'no-drive' };

const order = JSON.parse(process.argv[2] ?? '') as Order;
console.log(`TOLD ${JSON.stringify(await carryOut(order))}`);
process.exit();

async function carryOut({ path, technique, policy }: Order): Promise<Told> {
  const drive = await probeDriveAgain(run, files, path);
  if (drive === null) return { kind: 'no-drive' };
  const capabilities = await probeCapabilities(run, files, drive);
  const target = targetOf(drive);
  const { rungs, passedOver } = ladder({
    ...{ policy, target, capabilities, sessionId: crypto.randomUUID() },
    // A drive of the lab that is reached by network is not in this machine: a rehearsal, of which nothing is claimed.
    mode: drive.identity.transport === 'network' ? 'rehearsal' : 'real',
    techniques: TECHNIQUES.filter((row) => row.technique === technique),
    draw: { id: () => crypto.randomUUID(), seed },
  });
  const plan = rungs.find((each) => each.technique === technique);
  if (!plan) {
    const failed = capabilities.outcome === 'failed' ? capabilities.failure : null;
    const why = passedOver.find((each) => each.technique === technique)?.reason ?? null;
    return {
      kind: 'not-offered',
      why: why ?? (failed && { code: failed.code, en: visible(failed.detail, 300) }),
    };
  }
  const evidence = await runPlan(plan, capabilities, {
    clock: systemClock(),
    journal: { note: async () => {}, digest: () => '0'.repeat(64), close: async () => {} },
    openTarget: () => openForOverwrite(path, 'block'),
    identify: () => probeDriveAgain(run, files, path),
    effects: { run, wait: waitMs, suspend, sizeAgain, spawn: null },
    progress: () => {},
    signal: new AbortController().signal,
    tool: { name: 'rebond', version: 'matrix' },
  });
  return { kind: 'evidence', evidence };
}

function targetOf({ path, identity, medium, sizeBytes, logicalSectorBytes, diskseq }: Drive) {
  return {
    ...{ path, identity, medium, diskseq },
    ...{ sizeBytes: sizeBytes ?? 0, logicalSectorBytes: logicalSectorBytes ?? 0 },
  };
}

function seed(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex');
}
