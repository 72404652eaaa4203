import { spawn } from 'node:child_process';

/** Keeps the machine from being switched off or put to sleep in the ordinary way, while `hold` is true. */
export type Inhibitor = { hold(wanted: boolean): void };

const ARGV = [
  '--what=shutdown:sleep:idle:handle-power-key:handle-lid-switch',
  '--who=Rebond',
  '--why=effacement en cours ou fiche non envoyée / wipe running or record unsent',
  '--mode=block',
  'sleep',
  'infinity',
];

const AGAIN_MS = 30_000;

/** By systemd-inhibit as a child: it lets go when this process dies. Where there is none, nothing is held. */
export function systemdInhibitor(): Inhibitor {
  let held: ReturnType<typeof spawn> | null = null;
  let tried = -Infinity;
  return {
    hold: (wanted) => {
      if (wanted === (held !== null)) return;
      if (!wanted) {
        held?.kill();
        held = null;
        tried = -Infinity;
        return;
      }
      // Where it cannot be held (no logind), it is not asked for each second.
      if (performance.now() - tried < AGAIN_MS) return;
      tried = performance.now();
      const child = spawn('systemd-inhibit', ARGV, { stdio: 'ignore' });
      const gone = (): void => void (held === child && (held = null));
      child.on('error', gone).on('exit', gone);
      child.unref();
      held = child;
    },
  };
}
