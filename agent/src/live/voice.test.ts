import { describe, expect, it } from 'vitest';
import { smallTerminal } from '../../../test-fixtures/small-terminal.ts';
import { liveScreen } from '../console/live-screen.ts';
import { stopQuestion } from './stop.ts';
import { voiceOf } from './voice.ts';

const both = (text: string) => ({ fr: text, en: text });

function console80() {
  const terminal = smallTerminal(80, 25);
  const screen = liveScreen(
    terminal,
    () => {},
    () => 0,
  );
  const said: string[] = [];
  const voice = voiceOf({ ...screen, say: (line) => void said.push(line) }, 'fr');
  const asked = () => terminal.lines().slice(-2).join(' ');
  const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
  return { terminal, voice, said, asked, settled };
}

describe('questions', () => {
  it('wait for each other: none is answered by what was typed for another', async () => {
    const { terminal, voice, asked, settled } = console80();
    const one = voice.ask(() => both('De A ?'));
    const two = voice.ask(() => both('De B ?'));
    await settled();
    expect(asked()).toContain('De A ?');
    terminal.type('aaaa\r');
    expect(await one).toBe('aaaa');
    await settled();
    expect(asked()).toContain('De B ?');
    terminal.type('bbbb\r');
    expect(await two).toBe('bbbb');
  });

  it('that are given up let the next one come', async () => {
    const { terminal, voice, asked, settled } = console80();
    const over = new AbortController();
    const one = voice.ask(() => both('De A ?'), over.signal);
    const two = voice.ask(() => both('De B ?'));
    over.abort();
    expect(await one).toBeNull();
    await settled();
    expect(asked()).toContain('De B ?');
    terminal.type('b\r');
    expect(await two).toBe('b');
  });
});

describe('the word that stops all wipes', () => {
  it('is asked for whenever nothing else is, and again after a question that came between', async () => {
    const { terminal, voice, asked, settled } = console80();
    const stop = stopQuestion(voice, new AbortController().signal);
    stop.begin();
    await settled();
    expect(asked()).toContain('ARRÊTER');
    const lower = voice.ask(() => both('Moins, pour B ?'), stop.signal);
    await settled();
    expect(asked()).toContain('Moins, pour B ?');
    terminal.type('0042\r');
    expect(await lower).toBe('0042');
    await settled();
    expect(asked()).toContain('ARRÊTER');
    terminal.type('0042\r');
    await settled();
    expect(stop.signal.aborted).toBe(false);
    terminal.type('arreter\r');
    await settled();
    expect(stop.signal.aborted).toBe(true);
  });

  it('is heard in the middle of another question, which then is over', async () => {
    const { terminal, voice, settled } = console80();
    const stop = stopQuestion(voice, new AbortController().signal);
    stop.begin();
    const lower = voice.ask(() => both('Moins, pour B ?'), stop.signal);
    await settled();
    terminal.type('STOP\r');
    expect(await lower).toBeNull();
    expect(stop.signal.aborted).toBe(true);
  });

  it('is a word like others once the wipes are over', async () => {
    const { terminal, voice, asked, settled } = console80();
    const stop = stopQuestion(voice, new AbortController().signal);
    stop.begin();
    await settled();
    stop.end();
    const next = voice.ask(() => both('Et maintenant ?'));
    await settled();
    expect(asked()).toContain('Et maintenant ?');
    terminal.type('STOP\r');
    expect(await next).toBe('STOP');
    expect(stop.signal.aborted).toBe(false);
  });
});
