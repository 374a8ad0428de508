import { describe, expect, test } from '@jest/globals';
import * as v from '../src/index.js';
import * as n from '../src/node/index.js';
import { described } from '../src/given.js';
import { backendNames, useBackends } from './support/backends.js';
import { microModel } from './support/models.js';

/*
 * What the types forbid and JavaScript passes. Nothing here may be refused in words of the language, or go through and
 * compute something else.
 */

/** What the type checker would not let pass. */
const any = (value?: unknown): never => value as never;
const of = (...shape: number[]): v.Tensor => v.input('x', shape);
const { model } = microModel();
const preprocessing = v.scenesPreprocessing(32);
const reference = new v.ReferenceBackend();
const picture = { width: 4, height: 4, data: new Uint8Array(48) };
const rgba = { width: 4, height: 4, data: new Uint8Array(64) };
const pass = v.forwardPass(model, v.input('image', [1, 3, 32, 32]));
const chosen = v.chooseMethods([v.rollout, v.gradientRollout], {}, model.config);
const target = v.targetInput('t', pass.logits, 1);
const mask = { width: 4, height: 4, values: new Float64Array(16) };
const map = { values: new Float32Array(4), grid: [2, 2] as const };
const { geometry } = v.preprocess(picture, preprocessing);

/** One sentence, without a word of the language's own. */
function expectSentence(error: unknown): string {
  expect(error).toBeInstanceOf(v.VitrineError);
  const { message } = error as Error;
  expect(message).toMatch(/^\S[^\n]*[.?]$/);
  expect(message).not.toMatch(
    /is not a function|not iterable|[Cc]annot (read|destructure|mix|convert)|\[object|NaNx/,
  );
  return message;
}

async function refusalOf(call: () => unknown): Promise<string> {
  const failure: unknown = await Promise.resolve()
    .then(call)
    .then(
      (result) => new Error(`went through: ${described(result)}`),
      (error: unknown) => error,
    );
  return expectSentence(failure);
}

type Case = readonly [call: () => unknown, message: string];

const cases: Readonly<Record<string, readonly Case[]>> = {
  tensors: [
    [() => v.softmax(any()), 'softmax: expected a tensor, not undefined.'],
    [() => v.matmul(of(2, 3), any(3)), 'matmul: expected a tensor, not 3.'],
    [() => v.matmul(of(2, 3), of(3, 2), any(null)), 'matmul: expected a tensor, not null.'],
    [() => v.add(of(2), any('3')), 'add: expected a tensor or a number, not "3".'],
    [() => v.add(of(2), any([1, 2])), 'add: expected a tensor or a number, not [1, 2].'],
    [() => v.relu(any(Promise.resolve(of(2)))), 'relu: expected a tensor or a number, not a Promise.'],
    [() => v.where(of(2), any(5n), 0), 'where: expected a tensor or a number, not 5n.'],
    [() => v.reshape(of(2, 3), any('3')), 'reshape: "3" is no shape; extents are whole numbers, 0 or more.'],
    [() => v.reshape(of(2, 3), any(6)), 'reshape: 6 is no shape; extents are whole numbers, 0 or more.'],
    [() => v.expand(of(1, 3), any(['2', 3])), 'expand: ["2", 3] is no shape; extents are whole numbers, 0 or more.'],
    [() => v.permute(of(2, 3), any(1)), 'permute: 1 is no list of axes.'],
    [() => v.transpose(any({})), 'transpose: expected a tensor, not an object.'],
    [() => v.concat(any(of(2)), 0), 'concat: expected a list of tensors, not a Tensor.'],
    [() => v.concat(any([of(2), 3]), 0), 'concat: expected a tensor, not 3.'],
    [() => v.slice(of(2, 3), 1, any('0'), 2), 'slice: range "0" to 2 does not lie within axis 1 of shape [2, 3].'],
    [() => v.select(of(2, 3), 1, any('0')), 'select: position "0" does not exist on axis 1.'],
    ...['1', NaN, 0.5, -3, 2].map((axis): Case => [
      () => v.sum(of(2, 3), { axes: any(axis) }),
      `sum: axis ${described(axis)} does not exist in shape [2, 3].`,
    ]),
    [() => v.sum(of(2, 3), any(1)), 'sum: options: expected { axes, keepDims }, not 1.'],
    [() => v.mean(of(2, 3), any([1])), 'mean: options: expected { axes, keepDims }, not [1].'],
    [() => v.max(of(2, 3), any({ axis: 1 })), 'max: there is no option "axis"; there is axes, keepDims.'],
    [() => v.softmaxGradient(of(2, 3), of(3, 2)), 'softmaxGradient: the gradient has shape [3, 2], but the softmax has [2, 3].'],
    [() => v.largestMask(of(2, 3), any('1')), 'largestMask: cannot discard "1" elements in each row of shape [2, 3]; give a whole number from 0 to the extent of the last axis.'],
    [() => v.zeroSmallest(any(), 0), 'zeroSmallest: expected a tensor, not undefined.'],
    [() => v.layerNorm(of(2, 3), of(3), of(3), any()), 'layerNorm: epsilon: expected a finite number of at least 0, not undefined.'],
    [() => v.input(any(3), [2]), 'input: the name: expected a text, not 3.'],
    [() => v.input('x', any(2)), 'input "x": 2 is no shape; extents are whole numbers, 0 or more.'],
    [() => v.constant(any('12'), [2]), 'constant: values: expected a Float32Array or Float64Array, or a list of numbers, not "12".'],
    [() => v.constant(any(new Int32Array(2)), [2]), 'constant: values: expected a Float32Array or Float64Array, or a list of numbers, not an Int32Array.'],
    [() => v.constant(any([1, '2']), [2]), 'constant: values: expected a Float32Array or Float64Array, or a list of numbers, not [1, "2"].'],
    [() => v.literal(any('1')), 'literal: "1" is no number.'],
    [() => v.gradient(any(3), []), 'gradient: expected a tensor, not 3.'],
    [() => v.gradient(of(), any(of())), 'gradient: expected a list of tensors, not a Tensor.'],
    [() => v.gradient(of(), [], any(of())), 'gradient: there is no option "operation"; there is seed, rules.'],
    [() => v.gradient(of(), [], { rules: any({ sofmax: () => [] }) }), `gradient: rules: there is no option "sofmax"; there is ${Object.keys(v.derivatives).join(', ')}.`],
    [() => { v.observeGradient(of(2), any(3)); }, 'observeGradient: the observer: expected a function, not 3.'],
    [() => v.topologicalOrder(any(of(2))), 'topologicalOrder: expected a list of tensors, not a Tensor.'],
  ],
  programs: [
    [() => v.compile(any(of(2)), reference), 'compile: outputs: expected an object of tensors, such as { y }, not a Tensor.'],
    [() => v.compile(any([of(2)]), reference), 'compile: outputs: expected an object of tensors, such as { y }, not [a Tensor].'],
    [() => v.compile({ y: any(3) }, reference), 'compile: output "y": expected a tensor, not 3.'],
    [() => v.compile({ y: of(2) }, any(n.openBackend('reference'))), 'compile: the backend: expected a backend, such as that in what openBackend gives, not a Promise.'],
    [() => v.compile({ y: of(2) }, any({ backend: reference })), 'compile: the backend: expected a backend, such as that in what openBackend gives, not an object.'],
    [() => v.compile({ y: of(2) }, reference, any({})), 'compile: updates: expected a Map, not an object.'],
    [() => v.buildPlan({ y: of(2) }, new Map(), any(['gelu'])), 'buildPlan: fusions: expected a Set, not ["gelu"].'],
    [() => v.multiplyAdds(any({})), 'multiplyAdds: the plan: steps: expected a list of steps, as buildPlan gives them, not undefined.'],
  ],
  modules: [
    [() => new v.Parameter(any('3')), 'Parameter: "3" is no shape; extents are whole numbers, 0 or more.'],
    [() => new v.Linear(any('3'), 2), 'Parameter: [2, "3"] is no shape; extents are whole numbers, 0 or more.'],
    [() => { new v.Parameter([2]).assign(any('12')); }, 'assign: values: expected a Float32Array or Float64Array, not "12".'],
    [() => model.call(any(3)), 'call: expected a tensor, not 3.'],
    [() => model.getModule(any(3)), 'getModule: the name: expected a text, not 3.'],
    [() => model.registerForwardHook(any('blocks.0')), 'The forward hook: expected a function, not "blocks.0".'],
    [() => model.registerFullBackwardHook(any()), 'The backward hook: expected a function, not undefined.'],
    [() => v.record(any({}), of(2), /x/), 'record: the module: expected a module, not an object.'],
    [() => v.record(model, of(2), any('attn')), 'record: the pattern: expected a regular expression, such as /attn_drop$/, not "attn".'],
    [() => v.clipByNorm([], 1), 'clipByNorm: at least one gradient is needed.'],
    [() => v.clipByNorm([of(2)], any('1')), 'clipByNorm: the largest norm: expected a finite number above 0, not "1".'],
    [() => v.crossEntropy(of(2, 3), of(2, 3), any('0.1')), 'crossEntropy: the smoothing: expected a number from 0 to 1, not "0.1".'],
    [() => v.adamW([], [], any({})), 'adamW: options: learningRate: expected a number or a tensor, not undefined.'],
    [() => v.adamW([], [], any()), 'adamW: options: expected an object with learningRate, betas, epsilon, weightDecay, not undefined.'],
    [() => new v.VisionTransformer(any()), 'The configuration of a model: expected an object with imageSize, patchSize, channels, width, depth, heads, hidden, classes, layerNormEpsilon, registers, norm, qkvBias, mlp, pooling, finalNorm, not undefined.'],
    [() => new v.VisionTransformer({ ...model.config, depth: any('2') }), 'The configuration of a model: depth: expected a whole number of at least 1, not "2".'],
    [() => new v.VisionTransformer({ ...model.config, pooling: any('sum') }), 'The configuration of a model: pooling: expected one of: token, token-avg, map, avg, max, not "sum".'],
  ],
  classes: [
    [() => v.parseClassQuery(any(3), 5), 'The class: expected a text, not 3.'],
    [() => v.resolveClass('a', any('a')), 'The list of labels: expected a list of texts, one a class, not "a".'],
    [() => v.shortLabel(any()), 'The label: expected a text, not undefined.'],
    [() => v.wholeLabels(any(3)), 'The list of labels: expected a list of texts, one a class, not 3.'],
    [() => v.mostProbable(new Float32Array(3), ['a'], 1), 'mostProbable: 3 logits and ["a"] for labels; give each class one.'],
    [() => v.findModel(any(3)), 'There is no model 3; choose one of: deit_tiny_patch16_224, vit_scenes_patch8_72.'],
    [() => v.parseTargets(any(3), ['a']), 'The classes: expected a text, not 3.'],
  ],
  methods: [
    [() => v.findMethod(any(Symbol('s'))), `There is no method a symbol; choose one of: ${v.methods.map(({ name }) => name).join(', ')}.`],
    [() => v.chooseMethods(any(['rollout']), {}, model.config), 'chooseMethods: methods: expected a list of methods, such as [rollout] or [findMethod(\'rollout\')], not ["rollout"].'],
    [() => v.chooseMethods(any(v.rollout), {}, model.config), 'chooseMethods: methods: expected a list of methods, such as [rollout] or [findMethod(\'rollout\')], not an object.'],
    [() => v.chooseMethods([], {}, model.config), 'There is no method to explain with; choose at least one.'],
    [() => v.chooseMethods([v.rollout], any(0.9), model.config), 'The options: expected an object, such as { discardRatio: 0.9 }, not 0.9.'],
    [() => v.chooseMethods([v.rollout], {}, any(model)), 'The model: depth: expected a whole number of at least 1, not undefined.'],
    [() => v.chooseMethods([v.rollout], { discardRatio: '0.9' }, model.config), 'discardRatio is "0.9"; give a number from 0 up to, but not including, 1.'],
    [() => v.chooseMethods([v.rollout], { discardRatio: 5n }, model.config), 'discardRatio is 5n; give a number from 0 up to, but not including, 1.'],
    [() => v.rollout.map(pass, { headFusion: any('sum') }), 'headFusion is "sum"; choose one of: mean, max, min.'],
    [() => v.gradientRollout.map(v.explained(pass, of(1, 5)), { variant: any('relu') }), 'variant is "relu"; choose one of: relu-of-mean, mean-of-relu, grad-times-fused, signed.'],
    [() => v.gradientRollout.map(any(pass)), 'gradient-rollout explains a class: give it explained(pass, seed) rather than a pass alone.'],
    [() => v.rollout.map(any(model)), 'rollout: the pass: layers: expected a list of layers, as forwardPass gives them, not undefined.'],
    [() => v.rollout.parse({}, any({ depth: 0 })), 'The model: depth: expected a whole number of at least 1, not 0.'],
    [() => v.explained(any(model), of(1, 5)), 'explained: expected a tensor, not undefined.'],
    [() => v.discard(of(1, 5, 5), any('0.5'), 1), 'The discard ratio is "0.5"; give a number from 0 up to, but not including, 1.'],
    [() => v.define(any({ name: 'x' })), 'define: the method: explains: expected a text, not undefined.'],
    [() => v.targetInput('t', any(5), 0), 'targetInput: expected a tensor, not 5.'],
    [() => { target.check(any('dog')); }, "The target: expected { kind: 'class', index }, { kind: 'contrast', index, against } or { kind: 'rank', rank }, not \"dog\"."],
    [() => target.values(any([{ kind: 'name', name: 'dog' }])), "The target: expected { kind: 'class', index }, { kind: 'contrast', index, against } or { kind: 'rank', rank }, not an object."],
    [() => { target.check({ kind: 'class', index: any('1') }); }, 'There is no class "1"; this model has classes 0 to 4.'],
    [() => target.values(any({ kind: 'class', index: 1 })), 'The targets are an object; expected a list of one for each of 1 images.'],
    [() => v.classOfRank(new Float32Array(3), 3), 'There is no rank 3; this program looks up 3 ranks.'],
  ],
  explainers: [
    [() => v.Explainer.create(any(model), reference, { methods: chosen }), 'Explainer.create: the model: model: expected a VisionTransformer, not undefined.'],
    [() => v.Explainer.create(any({ model }), reference, { methods: chosen }), 'Explainer.create: the model: preprocessing: expected an object, not undefined.'],
    [() => v.Explainer.create({ model, preprocessing }, any(), { methods: chosen }), 'Explainer.create: the backend: expected a backend, such as that in what openBackend gives, not undefined.'],
    [() => v.Explainer.create({ model, preprocessing }, reference, any({})), 'Explainer.create: options: methods: expected a list as chooseMethods gives it, not undefined.'],
    [() => v.Explainer.create({ model, preprocessing }, reference, any({ methods: [v.rollout] })), 'Explainer.create: options: methods: expected a list as chooseMethods gives it, not [an object].'],
    [() => v.Explainer.create({ model, preprocessing }, reference, any({ methods: chosen, target: 2 })), 'Explainer.create: there is no option "target"; there is onProgress, signal, methods, weights, stopwatch, batch, targets, ranks.'],
    [() => v.Explainer.create({ model, preprocessing }, reference, { methods: chosen, batch: any('1') }), 'batch is "1"; give a whole number of at least 1.'],
    [() => v.Explainer.create({ model, preprocessing }, reference, { methods: chosen, signal: any(new AbortController()) }), 'Explainer.create: options: signal: expected an AbortSignal, not an AbortController.'],
    [() => v.preprocessingsOf(any([v.rollout]), preprocessing), 'preprocessingsOf: the methods: expected a list as chooseMethods gives it, not [an object].'],
    [() => v.makeReady(picture, any(preprocessing)), 'makeReady: the preprocessings: expected a list of preprocessings, not an object.'],
    [() => v.planMaps(any({}), chosen, { batch: 1, targets: 1, ranks: 1 }), 'planMaps: the model: expected a VisionTransformer, not an object.'],
    [() => v.drawMap(picture, any(map)), 'drawMap: the map: method: expected a method, such as rollout, not undefined.'],
  ],
  pictures: [
    [() => v.preprocess(any('cat.png'), preprocessing), 'preprocess: the picture: expected an object with width, height, data, not "cat.png".'],
    [() => v.preprocess(rgba, preprocessing), 'preprocess: the picture of 4x4 pixels has 64 bytes; expected three a pixel, red, green and blue, which flattenOverWhite makes of others.'],
    [() => v.preprocess({ ...picture, data: any([0, 0, 0]) }, preprocessing), 'preprocess: the picture: data: expected a Uint8Array, not [0, 0, 0].'],
    [() => v.preprocess(picture, any({ ...preprocessing, fit: 'stretch' })), 'preprocess: the preprocessing: fit: expected one of: crop, cover, squash, not "stretch".'],
    [() => v.preprocess(picture, any({ ...preprocessing, std: [0.5] })), 'preprocess: the preprocessing: std: expected a list of three numbers, or of one, not [0.5].'],
    [() => v.preprocess(picture, { ...preprocessing, interpolation: any('nearest') }), 'The interpolation: expected one of: bicubic, bilinear, lanczos, not "nearest".'],
    [() => v.scenesPreprocessing(any('32')), 'scenesPreprocessing: the size: expected a whole number of at least 1, not "32".'],
    [() => v.resize(picture, any('2'), 2), 'Cannot resize a picture to "2"x2: sizes are whole numbers above zero.'],
    [() => v.pictureValues(rgba, [0, 0, 0], [1, 1, 1]), 'pictureValues: the picture of 4x4 pixels has 64 bytes; expected three a pixel, red, green and blue, which flattenOverWhite makes of others.'],
    [() => v.maskOfPicture(any()), 'maskOfPicture: the picture: expected an object with width, height, data, not undefined.'],
    [() => v.flattenOverWhite(new Uint8Array(16), 3, 2, 2), 'flattenOverWhite: 16 bytes are no picture of 2x2 pixels with 3 channels; give 1 to 4 channels, and a byte for each of every pixel.'],
    [() => v.captioned(any(NaN), 'text'), 'captioned: the picture: expected an object with width, height, data, not NaN.'],
    [() => v.captioned(picture, any(3)), 'captioned: the text: expected a text, not 3.'],
    [() => v.colormap(any(3)), `There is no colour map 3; choose one of ${v.colormapNames.join(', ')}.`],
    [() => v.seenArea(any({})), 'seenArea: the geometry: original: expected an object, not undefined.'],
    [() => v.overlay(picture, map, geometry, { opacity: any('1') }), 'The opacity "1" makes no sense: give a number from 0 to 1.'],
    [() => v.overlay(picture, { ...map, grid: any(2) }, geometry), 'overlay: the map: grid: expected rows and columns, such as [14, 14], not 2.'],
    [() => v.overlay(picture, { ...map, values: any('abcd') }, geometry), 'overlay: the map: values: expected an array of numbers, not "abcd".'],
  ],
  measures: [
    [() => v.saliency(any({}), { width: 4, height: 4 }), 'saliency: the map: values: expected an array of numbers, not undefined.'],
    [() => v.saliency(map, any(4)), 'saliency: the size: expected an object, not 4.'],
    [() => v.saliency(map, { width: any('4'), height: 4 }), 'A map cannot be upsampled to "4"x4 pixels.'],
    [() => v.energy(any(map), mask), 'The map: width: expected a whole number of at least 1, not undefined.'],
    [() => v.pointsAt(v.saliency(map, mask), any()), 'The mask: expected an object with width, height, values, not undefined.'],
    [() => v.uniformBaseline(any(14)), 'The grid of a baseline: expected rows and columns, such as [14, 14], not 14.'],
    [() => v.centreGaussianBaseline([2, 2], any('0.25')), 'The standard deviation of the centre baseline is "0.25"; it must be above 0.'],
    [() => v.randomBaseline([2, 2], any('1')), 'The seed of a baseline: expected a finite number, not "1".'],
  ],
  'files and devices': [
    [() => n.openBackend(any({ device: 3 })), 'There is no device an object; choose one of: auto, webgpu, native, reference.'],
    [() => n.openBackend('native', any({ thread: 2 })), 'openBackend: there is no option "thread"; there is adapter, threads.'],
    [() => n.openBackend('native', { threads: any('2') }), 'The number of threads is "2"; give a whole number from 1 to 1024.'],
    [() => n.openBackend('auto', { adapter: any(3) }), 'openBackend: options: adapter: expected a text, not 3.'],
    [() => n.openBackend('auto', any(null)), 'openBackend: options: expected an object with adapter, not null.'],
    [() => n.openNative(1, any(5)), 'openNative: the kernels: expected a text, not 5.'],
    [() => n.openWebGPU(any(3)), 'openWebGPU: the adapter: expected a text, not 3.'],
    [() => n.loadModel(any('deit_tiny_patch16_224')), 'The model: expected an object with name, weights, not "deit_tiny_patch16_224".'],
    [() => n.loadModel(any({ model: 'x' })), 'The model: there is no option "model"; there is name, weights.'],
    [() => n.readPicture(any(picture)), 'readPicture takes the path of a picture file, not an object; write bytes to a file first.'],
    [() => n.writePng('/nowhere', rgba), 'encodePng: the picture of 4x4 pixels has 64 bytes; expected three a pixel, red, green and blue, which flattenOverWhite makes of others.'],
    [() => n.writeFileAtomically(any(3), 'x'), 'The files to write: expected paths with bytes or text, not [an object].'],
    [() => n.readTuning('x', any(3)), 'The file of measured kernels: expected a text, not 3.'],
  ],
}; // prettier-ignore

describe.each(Object.entries(cases))('%s', (_room, list) => {
  test.each(list)('%#: %s', async (call, message) => {
    expect(await refusalOf(call)).toBe(message);
  });
});

describe('a run', () => {
  const given = { x: new Float32Array(6) };
  const program = v.compile({ y: v.relu(of(2, 3)) }, reference);

  test.each<readonly [inputs: unknown, message: string]>([
    [{}, 'run: input "x" is missing; expected 6 for shape [2, 3].'],
    [{ x: new Float32Array(5) }, 'run: input "x" has 5 values; expected 6 for shape [2, 3].'],
    [{ ...given, z: given.x }, 'run: there is no input "z"; this program takes x.'],
    [{ x: '123456' }, 'run: input "x": expected a Float32Array or Float64Array, not "123456".'],
    [{ x: [1, 2, 3, 4, 5, 6] }, 'run: input "x": expected a Float32Array or Float64Array, not [1, 2, 3, 4, 5, 6].'],
    [{ x: new Uint8Array(6) }, 'run: input "x": expected a Float32Array or Float64Array, not a Uint8Array.'],
    [{ x: null }, 'run: input "x": expected a Float32Array or Float64Array, not null.'],
    [given.x, 'run: inputs: expected arrays by name, such as { x }, not a Float32Array.'],
    [null, 'run: inputs: expected arrays by name, such as { x }, not null.'],
  ])('of %j is refused', async (inputs, message) => {
    const { run, profile } = await program.then((made) => ({
      run: () => made.run(any(inputs)),
      profile: () => made.profile(any(inputs)),
    }));
    expect(await refusalOf(run)).toBe(message);
    expect(await refusalOf(profile)).toBe(message);
  }); // prettier-ignore
});

describe('after the end', () => {
  const backends = useBackends();

  test.each(backendNames)('of a program, it does not run on %s', async (name) => {
    const program = await v.compile({ y: v.relu(of(2)) }, backends[name]);
    program.dispose();
    program.dispose();
    const disposed = 'run: this program was disposed of; compile it again.';
    expect(await refusalOf(() => program.run({ x: new Float32Array(2) }))).toBe(disposed);
    expect(await refusalOf(() => program.profile({ x: new Float32Array(2) }))).toBe(disposed);
  });

  test.each(backendNames)('of a backend, nothing is compiled and nothing runs on %s', async (name) => {
    const { backend } = await n.openBackend(name);
    const program = await v.compile({ y: v.relu(of(2)) }, backend);
    backend.destroy();
    backend.destroy();
    const destroyed = `The ${name} backend was destroyed; open it again.`;
    expect(await refusalOf(() => program.run({ x: new Float32Array(2) }))).toBe(destroyed);
    expect(await refusalOf(() => v.compile({ y: v.relu(of(2)) }, backend))).toBe(destroyed);
    program.dispose();
  });
});

describe('an explainer', () => {
  const create = (): Promise<v.Explainer> =>
    v.Explainer.create({ model, preprocessing }, reference, { methods: chosen, batch: 2 });
  const one: v.ClassTarget[] = [{ kind: 'class', index: 1 }];

  test.each<readonly [what: string, pictures: unknown, targets: unknown, message: RegExp]>([
    ['a picture that is not made ready', [picture], [one], /^explain: pictures: expected a list with a list for each picture, not \[an object\]\.$/],
    ['one picture instead of a list', picture, [one], /^explain: pictures: expected a list .*, not an object\.$/],
    ['a class instead of targets', 'ready', 1, /^explain: targets: expected a list with a list for each picture, not 1\.$/],
    ['a list of targets instead of a list for each picture', 'ready', one, /^explain: targets: expected a list .*, not \[an object\]\.$/],
    ['no list of targets', 'ready', [], /^explain: 0 lists of targets for 1 pictures; give each picture 1\.$/],
    ['a picture for another model', 'other', [one], /^explain: a picture was made ready for another model; this one takes \[3, 32, 32\], as makeReady gives it\.$/],
    ['no form of a picture', [[null]], [one], /^explain: a picture was made ready for another model;/],
  ])('is given %s', async (_what, pictures, targets, message) => {
    const explainer = await create();
    const named: Record<string, unknown> = {
      ready: [explainer.makeReady(picture)],
      other: [v.makeReady(picture, [v.scenesPreprocessing(16)])],
    };
    const list = typeof pictures === 'string' ? named[pictures] : pictures;
    expect(await refusalOf(() => explainer.explain(any(list), any(targets)))).toMatch(message);
    explainer.dispose();
  }); // prettier-ignore

  test('and is asked after its end', async () => {
    const explainer = await create();
    const ready = explainer.makeReady(picture);
    explainer.dispose();
    expect(await refusalOf(() => explainer.explain([ready], [one]))).toBe(
      'run: this program was disposed of; compile it again.',
    );
  });
});
