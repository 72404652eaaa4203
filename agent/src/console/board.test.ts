import { describe, expect, it } from 'vitest';
import { smallTerminal } from '../../../test-fixtures/small-terminal.ts';
import { EXAMPLES, stepPlan } from '../../../test-fixtures/step-plans.ts';
import type { Progress, Warmth, WorkProgress } from '../sanitize/steps/step.ts';
import { board } from './board.ts';
import { drawable } from './charset.ts';
import { liveScreen } from './live-screen.ts';
import { liveTeller } from './live-tell.ts';
import type { Lang } from './progress-line.ts';
import { teller } from './tell.ts';

const HOSTILE = '\u001b]0;owned\u0007\u001b[2J\u202e硬盘';
const HDD = EXAMPLES['hidden area, overwrite, full read-back'];
const planAt = (path: string) => stepPlan({ ...HDD, target: { ...HDD.target, path } });

const WRITING: Progress = {
  ...{ phase: 'write', doneBytes: 230e9, totalBytes: 500e9, elapsedMs: 2_000_000 },
  bytesPerSecond: 118e6,
};
const DRIVES: WorkProgress[] = [
  {
    path: '/dev/sda',
    technique: 'overwrite',
    step: { index: 1, of: 3, kind: 'overwrite' },
    progress: WRITING,
  },
  {
    ...{
      path: '/dev/nvme0n1',
      technique: 'nvme-sanitize-block',
      step: { index: 1, of: 4, kind: 'firmware' },
    },
    progress: { phase: 'firmware', percent: 12.5, elapsedMs: 60_000 },
  },
  {
    ...{ path: '/dev/sdb', technique: 'ata-security-erase', step: { index: 3, of: 6, kind: 'firmware' } },
    progress: { phase: 'firmware', percent: null, elapsedMs: 60_000 },
  },
  {
    ...{ path: '/dev/mmcblk0', technique: 'overwrite', step: { index: 0, of: 2, kind: 'reveal' } },
    progress: { phase: 'begun', elapsedMs: 0 },
  },
];

function liveConsole(lang: Lang, columns = 80, rows = 25) {
  const terminal = smallTerminal(columns, rows);
  const logged: string[] = [];
  const log = (line: string): void => void logged.push(line);
  const screen = liveScreen(terminal, log, () => 0);
  screen.header(Array.from({ length: 5 }, (_, row) => `header ${row}`));
  const { width, say, now, rows: room } = screen;
  return { terminal, logged, screen, tell: liveTeller({ lang, width, say, now, rows: room, log }) };
}

describe('four drives on a screen of 80 × 25', () => {
  it.each([
    ['fr', 'Effacement et relecture · 0:00', 'écriture', 'Mo/s', 'reste 38 min', 'sans dire où il en est'],
    [
      'en',
      'Sanitizing and reading back · 0:00',
      'writing',
      'MB/s',
      '38 min 9 s left',
      'without saying how far',
    ],
  ] as const)(
    'have a line each, with what stands above and below them (%s)',
    (lang, what, phase, rate, left, silent) => {
      const { terminal, screen, tell } = liveConsole(lang);
      tell({ kind: 'step', step: 'sanitize' });
      DRIVES.forEach(({ path }, index) => tell({ kind: 'begun', plan: planAt(path), index, of: 4 }));
      for (const work of DRIVES) tell({ kind: 'progress', work });
      void screen.ask(() => 'Une question ? '.repeat(12));
      const lines = terminal.lines();
      const at = lines.indexOf(` ${what}`);
      expect(at).toBeGreaterThan(10);
      const [sda, nvme, sdb, mmc] = lines.slice(at + 1, at + 5);
      expect(sda).toMatch(new RegExp(`^ sda +2/3 ${phase} +█+░+  ?46 %  +118 ${rate}  ${left}`));
      expect(nvme).toMatch(/^ nvme0n1 +2\/4 .* █+░+  12 %  nvme-sanitize-block$/);
      expect(sdb).toContain(silent);
      expect(mmc).toContain(lang === 'fr' ? 'ouverture d’une zone cachée' : 'opening of a hidden area');
      // Header, and some of what was said, are still there.
      expect(lines[0]).toBe('header 0');
      expect(lines.join('\n')).toContain('(4/4) : /dev/mmcblk0');
      expect(lines.at(-1)).toBe(' >');
    },
  );

  it('leave the screen one by one', () => {
    const { terminal, tell } = liveConsole('fr');
    tell({ kind: 'step', step: 'sanitize' });
    DRIVES.forEach(({ path }, index) => tell({ kind: 'begun', plan: planAt(path), index, of: 4 }));
    for (const work of DRIVES) tell({ kind: 'progress', work });
    tell({ kind: 'ended', plan: planAt('/dev/sda') });
    // A last word of a step that is over brings nothing back.
    tell({ kind: 'progress', work: DRIVES[0]! });
    const lines = terminal.lines().slice(-8).join('\n');
    expect(lines).not.toContain(' sda ');
    expect(lines).toContain(' nvme0n1 ');
    for (const { path } of DRIVES) tell({ kind: 'ended', plan: planAt(path) });
    expect(terminal.lines().at(-2)).toBe('');
  });
});

describe('a board', () => {
  const full = (lang: Lang, count: number) => {
    const shown = board(lang);
    for (let index = 0; index < count; index += 1) {
      const path = `/dev/sd${String.fromCharCode(97 + index)}`;
      shown.note({ kind: 'begun', plan: planAt(path), index, of: count });
      shown.note({ kind: 'progress', work: { ...DRIVES[0]!, path } });
    }
    return shown;
  };

  it('says in its last line of how many drives it has no room to tell', () => {
    expect(full('fr', 12).lines(80, 8)).toHaveLength(8);
    expect(full('fr', 12).lines(80, 8).at(-1)).toBe('… et 5 autres disques, le moins avancé : 46 %');
    expect(full('en', 12).lines(80, 8).at(-1)).toBe('… and 5 more drives, the one least far: 46 %');
    expect(full('fr', 8).lines(80, 8).at(-1)).toMatch(/^sdh /);
  });

  it.each([40, 80, 120])(
    'has no line wider than %i columns and none that acts, whatever drives are called',
    (width) => {
      for (const work of DRIVES) {
        const shown = board('fr');
        const path = `/dev/${HOSTILE.repeat(9)}`;
        shown.note({ kind: 'begun', plan: planAt(path), index: 0, of: 1 });
        shown.note({ kind: 'progress', work: { ...work, path } });
        const [line] = shown.lines(width, 1);
        expect(line!.length).toBeLessThan(width);
        expect(line).not.toMatch(/\p{C}/u);
        expect(drawable(line!)).not.toMatch(/\p{C}/u);
      }
    },
  );
});

describe('the temperature of a drive', () => {
  const line = (lang: Lang, warmth: Warmth) => {
    const shown = board(lang);
    shown.note({ kind: 'begun', plan: planAt('/dev/sda'), index: 0, of: 1 });
    shown.note({ kind: 'progress', work: { ...DRIVES[0]!, progress: { ...WRITING, warmth } } });
    return shown.lines(78, 1)[0];
  };

  it.each(['fr', 'en'] as const)(
    'ends its line, and stands in place of the rate while it is paused (%s)',
    (lang) => {
      expect(line(lang, { celsius: 41, pausedUntil: null })).toMatch(
        /46 % .*118 M[oB]\/s .*38 min 9 s.* {2}41 °C$/,
      );
      const paused = line(lang, { celsius: 61, pausedUntil: 55 });
      expect(paused).toMatch(
        lang === 'fr'
          ? /46 % {2}TROP CHAUD : 61 °C, reprise à 55 °C$/
          : /46 % {2}TOO HOT: 61 °C, goes on at 55 °C$/,
      );
      expect(line(lang, { celsius: null, pausedUntil: 55 })).toContain('?');
    },
  );
});

describe('on a terminal', () => {
  function plain(json: boolean, interactive = false) {
    const [said, raw, drawn] = [[] as string[], [] as string[], [] as (readonly string[])[]];
    const tell = teller(
      {
        ...{ lang: 'en', interactive, width: 80 },
        say: (line) => said.push(line),
        redraw: (lines) => drawn.push(lines),
        raw: (line) => raw.push(line),
      },
      { rehearsal: false, json },
    );
    DRIVES.forEach(({ path }, index) => tell({ kind: 'begun', plan: planAt(path), index, of: 4 }));
    for (const work of [...DRIVES, ...DRIVES]) tell({ kind: 'progress', work });
    return { said, raw, drawn };
  }

  it('a log has a line for each drive at each tenth of its way', () => {
    const { said, drawn } = plain(false);
    expect(said.filter((line) => /^ {2}(sda|nvme0n1|sdb|mmcblk0) /.test(line))).toHaveLength(4);
    expect(drawn).toEqual([]);
  });

  it('all drives are drawn again together', () => {
    const { said, drawn } = plain(false, true);
    expect(drawn.at(-1)).toHaveLength(4);
    expect(drawn.at(-1)?.every((line) => line.length < 80)).toBe(true);
    expect(said.some((line) => line.includes('46 %'))).toBe(false);
  });

  it('with --json each is an object on a line of its own', () => {
    const { raw, said, drawn } = plain(true, true);
    expect(raw.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        progress: {
          ...{ path: '/dev/sda', technique: 'overwrite', step: { index: 1, of: 3, kind: 'overwrite' } },
          ...{ percent: 46, phase: 'write', doneBytes: 230e9, totalBytes: 500e9, elapsedMs: 2_000_000 },
          bytesPerSecond: 118e6,
        },
      },
      expect.objectContaining({ progress: expect.objectContaining({ path: '/dev/nvme0n1', percent: 12.5 }) }),
      expect.objectContaining({ progress: expect.objectContaining({ path: '/dev/sdb', percent: null }) }),
      expect.objectContaining({ progress: expect.objectContaining({ phase: 'begun', percent: null }) }),
    ]);
    expect(drawn).toEqual([]);
    expect(said.some((line) => line.includes('46 %'))).toBe(false);
  });
});
