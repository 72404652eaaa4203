import { describe, expect, it } from 'vitest';
import { files } from './files.ts';
import { record } from './record.ts';
import { replay, type Recording } from './replay.ts';
import { run } from './run.ts';

const recording: Recording = {
  runs: {
    'tool -x': { exitCode: 64, stdout: 'out', stderr: { base64: '/w==' } },
    slow: { kind: 'timed-out', stdout: 'half', stderr: '' },
    gone: { kind: 'missing' },
    bad: { kind: 'broken', detail: 'ended by SIGSEGV' },
  },
  files: { '/a': 'text', '/b': { base64: 'AP8=' }, '/none': null, '/secret': { refused: 'EACCES' } },
  lists: { '/dir': ['z', 'a'] },
  links: { '/link': '/target' },
};

describe('replay', () => {
  const doors = replay(recording);

  it('answers for each kind of run, and knows no other program', async () => {
    expect(await doors.run(['tool', '-x'])).toEqual({
      kind: 'exited',
      exitCode: 64,
      stdout: new TextEncoder().encode('out'),
      stderr: Uint8Array.of(255),
    });
    expect(await doors.run(['slow'])).toMatchObject({ kind: 'timed-out' });
    expect(await doors.run(['bad'])).toEqual({ kind: 'broken', detail: 'ended by SIGSEGV' });
    expect(await doors.run(['gone'])).toEqual({ kind: 'missing' });
    expect(await doors.run(['toString'])).toEqual({ kind: 'missing' });
  });

  it('answers for files, folders and links, and has nothing else', async () => {
    expect(await doors.files.text('/a')).toEqual({ kind: 'read', value: 'text' });
    expect(await doors.files.bytes('/b')).toEqual({ kind: 'read', value: Uint8Array.of(0, 255) });
    expect(await doors.files.bytes('/a', 3)).toMatchObject({ kind: 'refused' });
    expect(await doors.files.text('/secret')).toEqual({ kind: 'refused', detail: 'EACCES' });
    expect(await doors.files.text('/none')).toEqual({ kind: 'absent' });
    expect(await doors.files.text('/never')).toEqual({ kind: 'absent' });
    expect(await doors.files.list('/dir')).toEqual({ kind: 'read', value: ['a', 'z'] });
    expect(await doors.files.real('/link')).toEqual({ kind: 'read', value: '/target' });
  });
});

describe('record', () => {
  it('keeps what real doors answered, so that a replay answers the same', async () => {
    const taken = record({ run, files });
    const ask = async (doors: Pick<typeof taken, 'run' | 'files'>): Promise<unknown[]> => [
      await doors.run(['printf', String.raw`\377`]),
      await doors.run(['no-such-program-at-all']),
      await doors.files.text('/proc/sys/kernel/ostype'),
      await doors.files.text('/no/such/file'),
      await doors.files.bytes('/dev/zero'),
      await doors.files.real('/proc/self/root'),
    ];
    const real = await ask(taken);
    const again: unknown = JSON.parse(JSON.stringify(taken.recording()));
    expect(await ask(replay(again as Recording))).toEqual(real);
    expect(taken.recording().files['/no/such/file']).toBeNull();
  });
});
