/** Who may act at the same time: any number together, or one alone; in the order in which they asked. */
export type Turns = {
  together<T>(act: () => Promise<T>): Promise<T>;
  alone<T>(act: () => Promise<T>): Promise<T>;
};

export function turns(): Turns {
  const waiting: { alone: boolean; begin: () => void }[] = [];
  let acting = 0;
  let lone = false;
  const admit = (): void => {
    for (let next = waiting[0]; next && !lone && (!next.alone || acting === 0); next = waiting[0]) {
      waiting.shift();
      acting += 1;
      lone = next.alone;
      next.begin();
    }
  };
  const turn = async <T>(alone: boolean, act: () => Promise<T>): Promise<T> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push({ alone, begin: resolve });
    admit();
    await promise;
    try {
      return await act();
    } finally {
      acting -= 1;
      if (alone) lone = false;
      admit();
    }
  };
  return { together: (act) => turn(false, act), alone: (act) => turn(true, act) };
}
