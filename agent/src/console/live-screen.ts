import { visible } from '@rebond/protocol';
import { frame, paint, RELEASE, type Row } from './live-frame.ts';
import { drawable } from './charset.ts';
import { span } from './live-header.ts';
import { typed as typing } from './keys.ts';

type Surface = {
  write(text: string): void;
  size(): { columns: number; rows: number };
  onResize(changed: () => void): void;
  onTyped(typed: (text: string) => void): void;
};

/** The live image's one screen. Lines said stay; header and activity are redrawn in their place. */
export type LiveScreen = {
  width: () => number;
  say: (line: string, style?: Row['style']) => void;
  header: (lines: readonly string[]) => void;
  /** What runs now, and a line for each part of it that goes on; how long is counted here. */
  now: (what: string, rows?: readonly string[]) => void;
  /** How many of such lines leave room for the rest. */
  rows: () => number;
  /** One line typed. The question may change while it stands. @returns null when `signal` ended the wait */
  ask: (question: () => string, signal?: AbortSignal) => Promise<string | null>;
  /** Draws what changed; with `whole` everything, over whatever else wrote here. */
  draw: (whole?: boolean) => void;
  /** Leaves the terminal alone until `draw(true)`. */
  release: () => void;
};

/** Header, rules, question and a few lines of what was said. */
const OTHERS = 17;
/** Headers between two frames that are written whole. */
const REWRITE = 20;
/** Lines kept to look back at. */
const KEPT = 600;

/** @param log takes each line that is said, as plain text */
export function liveScreen(
  surface: Surface,
  log: (line: string) => void,
  monotonic: () => number,
): LiveScreen {
  const body: Row[] = [];
  const state = {
    header: [] as readonly string[],
    now: { what: '', rows: [] as readonly string[], since: 0 },
    typed: '',
    back: 0,
    released: false,
    shown: null as Row[] | null,
  };
  let headers = 0;
  let asking: { question: () => string; answer: (text: string | null) => void } | null = null;

  const draw = (whole = false): void => {
    if (state.released && !whole) return;
    state.released = false;
    const { columns, rows } = surface.size();
    const prompt = asking?.question() ?? '';
    const { what, rows: parts, since } = state.now;
    const first = what === '' ? '' : ` ${what} · ${span(monotonic() - since)}`;
    // One line at least, so that what stands above does not jump.
    const below = parts.length > 0 ? parts : [''];
    const now = [first, ...below.map((part) => ` ${part}`)];
    const next = frame({ ...state, now, body, prompt }, columns, rows);
    surface.write(paint(whole ? null : state.shown, next, columns, state.header.length));
    state.shown = next.rows;
  };
  surface.onResize(() => draw(true));
  surface.onTyped((text) => {
    const { presses, ...rest } = typing(state.typed, text);
    state.typed = rest.text;
    for (const press of presses) {
      const page = Math.max(1, surface.size().rows - 12);
      if (press.kind === 'page-up') state.back = Math.min(body.length * 2, state.back + page);
      if (press.kind === 'page-down') state.back = Math.max(0, state.back - page);
      if (press.kind === 'redraw') state.shown = null;
      if (press.kind === 'line') {
        state.back = 0;
        asking?.answer(press.text);
      }
    }
    draw(state.shown === null);
  });

  return {
    width: () => surface.size().columns,
    say: (text, style = 'plain') => {
      for (const line of text.split('\n')) {
        const shown = drawable(visible(line, 2000));
        body.push({ text: shown, style });
        log(shown);
      }
      body.splice(0, Math.max(0, body.length - KEPT));
      draw();
    },
    header: (lines) => {
      state.header = lines;
      // The kernel may have written over a row: once in a while each is written anew, over itself.
      headers += 1;
      if (headers % REWRITE === 0) state.shown &&= [];
      draw();
    },
    rows: () => Math.max(1, surface.size().rows - OTHERS),
    now: (what, rows = []) => {
      const since = what === state.now.what ? state.now.since : monotonic();
      state.now = { what, rows, since };
      draw();
    },
    ask: async (question, signal) => {
      const { promise, resolve } = Promise.withResolvers<string | null>();
      const stop = (): void => resolve(null);
      const own = { question, answer: resolve };
      if (signal?.aborted) return null;
      signal?.addEventListener('abort', stop, { once: true });
      asking = own;
      state.typed = '';
      log(drawable(`? ${question()}`));
      draw();
      const answer = await promise;
      signal?.removeEventListener('abort', stop);
      if (asking === own) asking = null;
      draw();
      return answer;
    },
    draw,
    release: () => {
      state.released = true;
      surface.write(RELEASE);
    },
  };
}
