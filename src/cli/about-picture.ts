import type { Backend } from '../compiler/backend.js';
import { originalSize } from '../image/index.js';
import type { LoadedModel, PictureOfFile } from '../node/index.js';
import type { ExplanationDocument, Stopwatch } from '../pipeline/index.js';
import { inWords } from './demo-model.js';
import type { PictureSource } from './picture-sources.js';

/** What the documents of all pictures of a call say of model and device. */
export interface Circumstances {
  readonly loaded: LoadedModel;
  readonly backend: Backend;
  readonly stopwatch: Stopwatch<'load' | 'compile'>;
}

/** What a document says beside its maps. */
export type AboutPicture = Pick<ExplanationDocument, 'generator' | 'image' | 'model' | 'device' | 'timings'>;

/**
 * @param generator by what its files are known
 * @param times when work on the picture began, and how long its run took
 */
export function aboutPicture(
  { loaded, backend, stopwatch }: Circumstances,
  { path }: PictureSource,
  picture: PictureOfFile,
  { generator, sha256, start, run_ms }: { generator?: string; sha256: string; start: number; run_ms: number },
): AboutPicture {
  const [load_ms, compile_ms] = [stopwatch.of('load'), stopwatch.of('compile')];
  const { name, weights, fallback, concluded } = loaded;
  return {
    ...(generator === undefined ? {} : { generator }),
    image: {
      ...(path === undefined ? {} : { path }),
      ...originalSize(picture),
      ...(picture.note === undefined ? {} : { note: picture.note }),
    },
    model: {
      name,
      weights: weights.path,
      sha256,
      ...(concluded.length === 0 ? {} : { concluded }),
      ...(fallback ? { note: `This is ${inWords(fallback)}. For DeiT-tiny, ${fallback.remedy}.` } : {}),
    },
    device: { backend: backend.name, adapter: backend.adapter },
    timings: { load_ms, compile_ms, run_ms, total_ms: load_ms + compile_ms + performance.now() - start },
  };
}
