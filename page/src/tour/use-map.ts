import { useEffect, useState } from 'preact/hooks';
import type { ClassTarget } from 'vitrine';
import type { MapAnswer, PictureFacts } from '../protocol.js';
import { store } from '../state/state.js';
import { engine } from '../state/worker.js';

interface Found {
  readonly asked: string;
  readonly picture: PictureFacts;
  readonly answer: MapAnswer;
}

/** A map for a step of the tour, as its method is where nothing is changed; undefined until it is there. */
export function useMap(method: string, target: ClassTarget, picture: PictureFacts): MapAnswer | undefined {
  const [found, setFound] = useState<Found | undefined>(undefined);
  const asked = JSON.stringify([method, target]);
  useEffect(() => {
    const controller = new AbortController();
    const question = { method, options: {}, target, score: 'logit', without: [] } as const;
    engine.call('map', question, { signal: controller.signal }).then(
      (answer) => {
        setFound({ asked, picture, answer });
      },
      (error: unknown) => {
        if (!controller.signal.aborted) store.set({ problem: (error as Error).message });
      },
    );
    return () => {
      controller.abort();
    };
  }, [asked, picture]);
  // Until the new one is there, the old one answers another question.
  return found?.asked === asked && found.picture === picture ? found.answer : undefined;
}
