import { Random } from '../random.js';
import { add, max, min, multiply, reshape, subtract, type Tensor } from '../tensor/index.js';
import { define, type AnyMethod, type Method, type MethodKind, type PassOf } from './method.js';
import { count, noise, seed, unknownSizes, type OptionSchemas } from './options.js';
import { weightedSum, type Samples } from './samples.js';

/** Beside those of the method itself. */
const own = {
  samples: count(16, 'noisy copies of the picture, each a pass of its own'),
  noise,
  seed,
} as const satisfies OptionSchemas;

type Options = Readonly<Record<string, unknown>>;

/**
 * A method averaged over copies of the picture with noise laid over them: what stays is no accident of single pixels. Of the
 * gradient at the pixels that is SmoothGrad. The noise is Gaussian, in proportion to the picture's own range, and the same
 * for the same seed.
 * Source: Smilkov et al., "SmoothGrad: removing noise by adding noise", 2017, equation 1.
 * @returns undefined for a method that is a mean over samples already, a view, or finished by the host
 */
export function smooth(method: AnyMethod): AnyMethod | undefined {
  if ([method.sampled, method.captions, method.finish].some((part) => part !== undefined)) return undefined;
  return method.of === 'class' ? smoothed(method) : smoothed(method);
}

function smoothed<What extends MethodKind>(
  method: Method<What, OptionSchemas, Options>,
): Method<What, OptionSchemas, Options> {
  const { name, explains, source, of, rules, score, preprocessing } = method;
  const ofMethod = (options: Options): Options =>
    Object.fromEntries(Object.entries(options).filter(([option]) => !Object.hasOwn(own, option)));
  return define<What, OptionSchemas>({
    name: `smooth-${name}`,
    explains: `${explains}, over noisy copies`,
    ...{ source, of },
    ...(rules === undefined ? {} : { rules }),
    ...(score === undefined ? {} : { score }),
    ...(preprocessing === undefined ? {} : { preprocessing }),
    options: (model) => ({ ...method.options(model), ...own }),
    concerns: (options) => [
      ...Object.keys(method.parse(ofMethod(options), unknownSizes)),
      ...Object.keys(own),
    ],
    shows: (options) => method.shows(ofMethod(options)),
    sampling: {
      count: ({ samples }) => samples as number,
      shape: ({ image }) => image.shape.slice(1),
      values: (index, size, options) => {
        const random = new Random(options['seed'] as number, index);
        return Float32Array.from({ length: size }, () => random.normal());
      },
    },
    map(pass, options, samples) {
      const copies = pass.again(noisy(pass.image, samples, options['noise'] as number)) as PassOf<What>;
      return weightedSum(method.map(copies, ofMethod(options)), samples);
    },
  });
}

/** Copies of each picture with the noise of each sample. `[batch * samples, channels, height, width]` */
function noisy(image: Tensor, { values }: Samples, share: number): Tensor {
  const [batch, ...picture] = image.shape;
  const [copies] = values.shape;
  const [least, greatest] = [min, max].map((fold) => fold(image, { axes: [1, 2, 3], keepDims: true }));
  const deviation = reshape(multiply(subtract(greatest, least), share), [batch, 1, 1, 1, 1]);
  const laid = add(
    reshape(image, [batch, 1, ...picture]),
    multiply(deviation, reshape(values, [1, copies, ...picture])),
  );
  return reshape(laid, [batch * copies, ...picture]);
}
