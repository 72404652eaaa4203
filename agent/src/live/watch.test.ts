import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import { files } from '../effects/files.ts';
import { type MediumState, parseMediumState } from '../parse/live-state.ts';
import { openKeeper } from './keeper.ts';
import { linkTo } from './link.ts';
import { mediumPhrases } from './medium-words.ts';
import { watch } from './watch.ts';

const STICK = { kind: 'stick', partition: null, disk: null, diskseq: null } as const;

/** What a technician is told while medium.json changes under the agent. */
async function watched(folder: string, start: MediumState | null) {
  const keeper = await openKeeper(
    { home: start?.home ?? null, config: start?.config ?? null },
    join(folder, 'ram'),
  );
  const told: string[] = [];
  const news: string[] = [];
  const tick = watch(
    {
      ...{ keeper, files, run: folder, writing: () => false, addresses: () => [], monotonic: () => 0 },
      link: linkTo(
        [],
        () => null,
        () => 0,
      ),
      voice: { lang: 'fr', tell: ({ fr }) => void told.push(fr) },
      inhibitor: { hold: () => {} },
      ram: () => Promise.resolve({ state: 'loaded' }),
      draw: () => {},
      about: { version: '0', bench: 'Banc', startedMs: 0, workshop: () => null },
      homeCame: () => Promise.resolve(void news.push('home')),
      settingsCame: () => void news.push('settings'),
    },
    start,
  );
  const publish = async (state: object): Promise<void> => {
    writeFileSync(join(folder, 'medium.json'), JSON.stringify({ ...STICK, ...state }));
    await tick();
  };
  return { keeper, told, news, tick, publish };
}

describe('what becomes of the medium while the agent runs', () => {
  it('settings that come late are told of once', async () => {
    using folder = scratch('watch');
    const { news, tick, publish } = await watched(folder.path, null);
    await tick();
    expect(news).toEqual([]);
    await publish({ home: null });
    await publish({ home: null });
    expect(news).toEqual(['settings']);

    const without = { ...STICK, home: null, config: null, doubt: null };
    const late = await watched(folder.path, without);
    await late.tick();
    expect(late.news).toEqual([]);
    await late.publish({ home: null, config: folder.path });
    await late.tick();
    expect(late.news).toEqual(['home', 'settings']);
  });

  it('a stick that takes no write is said in plain words once, and one that does takes what was in memory', async () => {
    using folder = scratch('watch');
    const [config, home] = [join(folder.path, 'stick'), join(folder.path, 'other')];
    mkdirSync(config);
    const start = { ...STICK, home: null, config, doubt: null };
    const { keeper, told, news, publish } = await watched(folder.path, start);
    const { envelope } = await sampleRecord(await makeWorkshop());
    await keeper.spools.keep(envelope);
    await publish({ home: null, config });
    await publish({ home: null, config });
    expect(told).toEqual([expect.stringMatching(/N’ACCEPTE PAS D’ÉCRITURE.*rien n’y est perdu.*À faire/)]);
    expect(readdirSync(config)).toEqual([]);

    mkdirSync(home);
    await publish({ home, config });
    expect(told.slice(1)).toEqual([
      expect.stringContaining('y est copié'),
      expect.stringContaining('gardées sur l’autre clé'),
    ]);
    expect(news).toEqual(['home']);
    expect(keeper.powerFacts()).toMatchObject({ unsentOnStick: 1, unsentInMemory: 0 });
  });

  it('is not guessed at where two sticks may be it', () => {
    const of = (state: object) =>
      mediumPhrases(parseMediumState(JSON.stringify({ ...STICK, ...state }))).map(({ fr }) => fr);
    expect(of({ home: '/x', config: '/x', doubt: 'twin' })).toEqual([expect.stringContaining('Deux clés')]);
    expect(of({ home: null, config: null, doubt: 'several' })).toEqual([
      expect.stringContaining('aucune n’est choisie'),
    ]);
    expect(of({ home: '/x', config: '/x' })).toEqual([]);
    expect(of({ home: null, config: null })).toEqual([]);
  });
});
