import { PassThrough } from 'node:stream';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../scratch.ts';
import { plain, serialPort } from './serial.ts';

describe('the serial port', () => {
  it('reads through the colours and moves of firmware', () => {
    expect(plain('\u001B[2J\u001B[01;01H\u001B[0m\u001B[37mBdsDxe\r\n\u001B[05;10Hnext')).toBe(
      '\nBdsDxe\n\nnext',
    );
  });

  it('waits for lines, of now or of later, and for sequences cut in two', async () => {
    using folder = scratch('serial');
    const port = serialPort(join(folder.path, 'serial.log'), () => Promise.resolve(''));
    const wire = new PassThrough();
    port.connect(wire);
    const later = port.waitFor(/code (\d+)/);
    wire.write('hello\u001B[3');
    wire.write('7m code 42\n');
    expect((await later)[1]).toBe('42');
    expect(port.lines()[0]).toBe('hello code 42');
    port.mark();
    await expect(port.waitFor(/hello/, { timeout: 30 })).rejects.toMatchObject({ code: 'not-seen' });
  });

  it('says at once that nothing more will come, with what came last and what the screen shows', async () => {
    using folder = scratch('serial');
    const port = serialPort(join(folder.path, 'serial.log'), () => Promise.resolve('(the screen)'));
    const wire = new PassThrough();
    port.connect(wire);
    wire.write('last words\n');
    await new Promise((done) => setImmediate(done));
    port.disconnected();
    await expect(port.waitFor(/never/)).rejects.toThrow(/last words\n\(the screen\)/);
  });
});
