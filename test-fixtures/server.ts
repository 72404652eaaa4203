import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../bench-server/src/main.ts', import.meta.url));

export type Started = {
  process: ChildProcess;
  url: string;
  signInUrl: string;
  signInCode: string;
  pin: string | null;
  /** Where laptops boot from by network; null when that is off. */
  netbootUrl: string | null;
  /** What it wrote to stderr so far: its log. */
  log(): string;
  benchCode(bench?: string): Promise<string>;
  stickCode(): Promise<string>;
  shellCode(): Promise<string>;
  /** Asks it to end. @returns its exit status */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** Starts the real server as its own process, as the start script does. */
export async function startServer(data: string, settings: Record<string, string> = {}): Promise<Started> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PORT: '0', REBOND_DATA: data, ...settings },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  child.stdout?.resume();
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const first = await Promise.race([nextMessage(child, 'listening'), ended]);
  if (Array.isArray(first)) throw new Error(`the server ended with ${first[0]}: ${log}`);
  const { url, signInUrl, signInCode, pin, netbootUrl } = first as unknown as Omit<Started, 'process'>;
  return {
    process: child,
    url,
    signInUrl,
    signInCode,
    pin,
    netbootUrl,
    log: () => log,
    async benchCode(bench = 'Table 1') {
      const answer = nextMessage(child, 'bench-code');
      child.send({ type: 'bench-code', bench });
      return (await answer)['code'] as string;
    },
    stickCode: () => codeOf(child, 'stick-code'),
    shellCode: () => codeOf(child, 'shell-code'),
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return (await ended)[0];
    },
  };
}

async function codeOf(child: ChildProcess, type: 'stick-code' | 'shell-code'): Promise<string> {
  const answer = nextMessage(child, type);
  child.send({ type });
  return (await answer)['code'] as string;
}

/** Runs a start that is expected to be refused. */
export async function startRefused(
  data: string,
  settings: Record<string, string>,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PORT: '0', REBOND_DATA: data, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

function nextMessage(child: ChildProcess, type: string): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    child.on('message', function take(message) {
      const received = message as Record<string, unknown>;
      if (received['type'] !== type) return;
      child.off('message', take);
      resolve(received);
    });
  });
}

export async function submit(url: string, bytes: Uint8Array, type = 'application/vnd.rebond.envelope+json') {
  const response = await fetch(`${url}/api/records`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: new Uint8Array(bytes),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
