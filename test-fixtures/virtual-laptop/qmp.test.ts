import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openQmp } from './qmp.ts';

type Asked = { execute: string; arguments: unknown; id: number };

/** QEMU's end: answers each command by `answer`, which returns lines. */
function qemu(answer: (asked: Asked) => object[]): Duplex {
  const stream: Duplex = new Duplex({
    read() {},
    write(chunk: Buffer, _, done) {
      const asked = JSON.parse(chunk.toString()) as Asked;
      const lines = asked.execute === 'qmp_capabilities' ? [{ return: {}, id: asked.id }] : answer(asked);
      // Cut anywhere: lines come in pieces.
      const text = lines.map((line) => `${JSON.stringify(line)}\r\n`).join('');
      stream.push(text.slice(0, 7));
      stream.push(text.slice(7));
      done();
    },
  });
  stream.push('{"QMP": {"version": {}}}\r\n');
  return stream;
}

describe('QMP', () => {
  it('pairs answers with commands by their number, in any order', async () => {
    const held: object[] = [];
    const stream = qemu(({ execute, id }) => {
      held.push({ return: execute, id });
      return held.length === 2 ? held.toReversed() : [];
    });
    const qmp = await openQmp(stream);
    expect(await Promise.all([qmp.execute('first'), qmp.execute('second')])).toEqual(['first', 'second']);
  });

  it('passes a refusal on with its code', async () => {
    const qmp = await openQmp(
      qemu(({ id }) => [{ error: { class: 'GenericError', desc: 'no such device' }, id }]),
    );
    await expect(qmp.execute('device_del')).rejects.toMatchObject({
      code: 'qemu-refused',
      message: 'no such device',
    });
  });

  it('keeps events that came before anybody asked, and takes each once', async () => {
    const gone = { event: 'DEVICE_DELETED', data: { device: 'a' }, timestamp: {} };
    const qmp = await openQmp(qemu(({ id }) => [gone, { return: {}, id }]));
    await qmp.execute('device_del');
    expect(await qmp.event('DEVICE_DELETED', ({ device }) => device === 'a')).toMatchObject({
      data: { device: 'a' },
    });
    await expect(qmp.event('DEVICE_DELETED', () => true, 20)).rejects.toMatchObject({ code: 'qemu-silent' });
  });

  it('fails what waits when QEMU ends', async () => {
    const stream = qemu(() => []);
    const qmp = await openQmp(stream);
    const waiting = qmp.execute('query-status');
    stream.destroy();
    await expect(waiting).rejects.toMatchObject({ code: 'qemu-ended' });
    await expect(qmp.execute('again')).rejects.toMatchObject({ code: 'qemu-ended' });
  });
});
