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
const target = v.targetInput('t', pass.logits, { ranks: 1 });
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
    [() => v.sum(of(2, 3), any(1)), 'sum: the options are 1; expected { axes, keepDims }.'],
    [() => v.mean(of(2, 3), any([1])), 'mean: the options are [1]; expected { axes, keepDims }.'],
    [() => v.max(of(2, 3), any({ axis: 1 })), 'max: there is no option "axis"; there is axes, keepDims.'],
    [() => v.softmaxGradient(of(2, 3), of(3, 2)), 'softmaxGradient: the gradient has shape [3, 2], but the softmax has [2, 3].'],
    [() => v.largestMask(of(2, 3), any('1')), 'largestMask: cannot discard "1" elements in each row of shape [2, 3]; give a whole number from 0 to the extent of the last axis.'],
    [() => v.zeroSmallest(any(), 0), 'zeroSmallest: expected a tensor, not undefined.'],
    [() => v.layerNorm(of(2, 3), of(3), of(3), any()), 'layerNorm: epsilon is undefined; expected a finite number of at least 0.'],
    [() => v.input(any(3), [2]), 'input: the name is 3; expected a text.'],
    [() => v.input('x', any(2)), 'input "x": 2 is no shape; extents are whole numbers, 0 or more.'],
    [() => v.constant(any('12'), [2]), 'constant: the list of values is "12"; expected a Float32Array or Float64Array, or a list of numbers.'],
    [() => v.constant(any(new Int32Array(2)), [2]), 'constant: the list of values is an Int32Array; expected a Float32Array or Float64Array, or a list of numbers.'],
    [() => v.constant(any([1, '2']), [2]), 'constant: the list of values is [1, "2"]; expected a Float32Array or Float64Array, or a list of numbers.'],
    [() => v.literal(any('1')), 'literal: "1" is no number.'],
    [() => v.gradient(any(3), []), 'gradient: expected a tensor, not 3.'],
    [() => v.gradient(of(), any(of())), 'gradient: expected a list of tensors, not a Tensor.'],
    [() => v.gradient(of(), [], any(of())), 'gradient: there is no option "operation"; there is seed, rules.'],
    [() => v.gradient(of(), [], { rules: any({ sofmax: () => [] }) }), `gradient: rules: there is no option "sofmax"; there is ${Object.keys(v.derivatives).join(', ')}.`],
    [() => { v.observeGradient(of(2), any(3)); }, 'observeGradient: the observer is 3; expected a function.'],
    [() => v.topologicalOrder(any(of(2))), 'topologicalOrder: expected a list of tensors, not a Tensor.'],
  ],
  programs: [
    [() => v.compile(any(of(2)), reference), 'compile: outputs is a Tensor; expected an object of tensors, such as { y }.'],
    [() => v.compile(any([of(2)]), reference), 'compile: outputs is [a Tensor]; expected an object of tensors, such as { y }.'],
    [() => v.compile({ y: any(3) }, reference), 'compile: output "y": expected a tensor, not 3.'],
    [() => v.compile({ y: of(2) }, any(n.openBackend('reference'))), 'compile: the backend is a Promise; expected a backend, such as that in what openBackend gives.'],
    [() => v.compile({ y: of(2) }, any({ backend: reference })), 'compile: the backend is an object; expected a backend, such as that in what openBackend gives.'],
    [() => v.compile({ y: of(2) }, reference, any({})), 'compile: updates is an object; expected a Map.'],
    [() => v.buildPlan({ y: of(2) }, new Map(), any(['gelu'])), 'buildPlan: fusions is ["gelu"]; expected a Set.'],
    [() => v.multiplyAdds(any({})), 'multiplyAdds: the plan: steps is undefined; expected a list of steps, as buildPlan gives them.'],
  ],
  modules: [
    [() => new v.Parameter(any('3')), 'Parameter: "3" is no shape; extents are whole numbers, 0 or more.'],
    [() => new v.Linear(any('3'), 2), 'Parameter: [2, "3"] is no shape; extents are whole numbers, 0 or more.'],
    [() => { new v.Parameter([2]).assign(any('12')); }, 'assign: the list of values is "12"; expected a Float32Array or Float64Array, or a function that reads them.'],
    [() => model.call(any(3)), 'call: expected a tensor, not 3.'],
    [() => model.getModule(any(3)), 'getModule: the name is 3; expected a text.'],
    [() => model.registerForwardHook(any('blocks.0')), 'The forward hook is "blocks.0"; expected a function.'],
    [() => model.registerFullBackwardHook(any()), 'The backward hook is undefined; expected a function.'],
    [() => v.record(any({}), of(2), /x/), 'record: the module is an object; expected a module.'],
    [() => v.record(model, of(2), any('attn')), 'record: the pattern is "attn"; expected a regular expression, such as /attn_drop$/.'],
    [() => v.clipByNorm([], 1), 'clipByNorm: at least one gradient is needed.'],
    [() => v.clipByNorm([of(2)], any('1')), 'clipByNorm: the largest norm is "1"; expected a finite number above 0.'],
    [() => v.crossEntropy(of(2, 3), of(2, 3), any('0.1')), 'crossEntropy: the smoothing is "0.1"; expected a number from 0 to 1.'],
    [() => v.adamW([], [], any({})), 'adamW: options: learningRate is undefined; expected a finite number of at least 0, or a tensor.'],
    [() => v.adamW([], [], any()), 'adamW: options is undefined; expected an object with learningRate, betas, epsilon, weightDecay, learningRateScales.'],
    [() => new v.VisionTransformer(any()), 'The configuration of a model is undefined; expected an object with imageSize, patchSize, channels, width, depth, heads, hidden, classes, layerNormEpsilon.'],
    [() => new v.VisionTransformer({ ...model.config, depth: any('2') }), 'The configuration of a model: depth is "2"; expected a whole number from 0 to 1024.'],
    [() => new v.VisionTransformer({ ...model.config, pooling: any('sum') }), 'The configuration of a model: pooling is "sum"; expected one of: token, token-avg, map, avg, max.'],
  ],
  classes: [
    [() => v.parseClassQuery(any(3), 5), 'The class is 3; expected a text.'],
    [() => v.resolveClass('a', any('a')), 'The list of labels is "a"; expected a list of texts, one a class.'],
    [() => v.shortLabel(any()), 'The label is undefined; expected a text.'],
    [() => v.wholeLabels(any(3)), 'The list of labels is 3; expected a list of texts, one a class.'],
    [() => v.mostProbable(new Float32Array(3), ['a'], 1), 'mostProbable: 3 logits and ["a"] for labels; give each class one.'],
    [() => v.findModel(any(3)), 'findModel: the name is 3; expected a text.'],
    [() => v.parseTargets(any(3), ['a']), 'The text of classes is 3; expected a text.'],
  ],
  methods: [
    [() => v.findMethod(any(Symbol('s'))), `There is no method a symbol; choose one of: ${v.methods.map(({ name }) => name).join(', ')}; or libra-NAME or smooth-NAME for most of these, under other rules or over noisy copies.`],
    [() => v.chooseMethods(any(['rollout']), {}, model.config), 'chooseMethods: methods is ["rollout"]; expected a list of methods, such as [rollout] or [findMethod(\'rollout\')].'],
    [() => v.chooseMethods(any(v.rollout), {}, model.config), 'chooseMethods: methods is an object; expected a list of methods, such as [rollout] or [findMethod(\'rollout\')].'],
    [() => v.chooseMethods([], {}, model.config), 'There is no method to explain with; choose at least one.'],
    [() => v.chooseMethods([v.rollout], any(0.9), model.config), 'The object of options is 0.9; expected an object, such as { discardRatio: 0.9 }.'],
    [() => v.chooseMethods([v.rollout], {}, any(model)), 'The model: depth is undefined; expected a whole number of at least 1.'],
    [() => v.chooseMethods([v.rollout], { discardRatio: '0.9' }, model.config), 'discardRatio is "0.9"; give a number from 0 up to, but not including, 1.'],
    [() => v.chooseMethods([v.rollout], { discardRatio: 5n }, model.config), 'discardRatio is 5n; give a number from 0 up to, but not including, 1.'],
    [() => v.rollout.map(pass, { headFusion: any('sum') }), 'headFusion is "sum"; choose one of: mean, max, min.'],
    [() => v.gradientRollout.map(v.explained(pass, of(1, 5)), { variant: any('relu') }), 'variant is "relu"; choose one of: relu-of-mean, mean-of-relu, grad-times-fused, signed.'],
    [() => v.gradientRollout.map(any(pass)), 'gradient-rollout explains a class: give it explained(pass, seed) rather than a pass alone.'],
    [() => v.rollout.map(any(model)), 'rollout: the pass: layers is undefined; expected a list of layers, as forwardPass gives them.'],
    [() => v.rollout.parse({}, any({ depth: 0 })), 'The model: depth is 0; expected a whole number of at least 1.'],
    [() => v.explained(any(model), of(1, 5)), 'explained: expected a tensor, not undefined.'],
    [() => v.discard(of(1, 5, 5), any('0.5'), 1), 'The discard ratio is "0.5"; give a number from 0 up to, but not including, 1.'],
    [() => v.define(any({ name: 'x' })), 'define: the method: explains is undefined; expected a text.'],
    [() => v.targetInput('t', any(5), { ranks: 0 }), 'targetInput: expected a tensor, not 5.'],
    [() => { target.check(any('dog')); }, "The target is \"dog\"; expected { kind: 'class', index }, { kind: 'contrast', index, against }, { kind: 'rank', rank }, { kind: 'feature', index }, { kind: 'norm' } or { kind: 'similarity', to }."],
    [() => target.values(any([{ kind: 'name', name: 'dog' }])), "The target is an object; expected { kind: 'class', index }, { kind: 'contrast', index, against }, { kind: 'rank', rank }, { kind: 'feature', index }, { kind: 'norm' } or { kind: 'similarity', to }."],
    [() => { target.check({ kind: 'class', index: any('1') }); }, 'There is no class "1"; this model has classes 0 to 4.'],
    [() => target.values(any({ kind: 'class', index: 1 })), 'The targets are an object; expected a list of one for each of 1 images.'],
    [() => v.classOfRank(new Float32Array(3), 3), 'There is no rank 3; this program looks up 3 ranks.'],
  ],
  explainers: [
    [() => v.Explainer.create(any(model), reference, { methods: chosen }), 'Explainer.create: the model: model is undefined; expected a VisionTransformer.'],
    [() => v.Explainer.create(any({ model }), reference, { methods: chosen }), 'Explainer.create: the model: preprocessing is undefined; expected an object.'],
    [() => v.Explainer.create({ model, preprocessing }, any(), { methods: chosen }), 'Explainer.create: the backend is undefined; expected a backend, such as that in what openBackend gives.'],
    [() => v.Explainer.create({ model, preprocessing }, reference, any({})), 'Explainer.create: options: methods is undefined; expected a list as chooseMethods gives it.'],
    [() => v.Explainer.create({ model, preprocessing }, reference, any({ methods: [v.rollout] })), 'Explainer.create: options: methods is [an object]; expected a list as chooseMethods gives it.'],
    [() => v.Explainer.create({ model, preprocessing }, reference, any({ methods: chosen, target: 2 })), 'Explainer.create: there is no option "target"; there is onProgress, signal, methods, weights, stopwatch, batch, targets, ranks, features, score, ablation, attention.'],
    [() => v.Explainer.create({ model, preprocessing }, reference, { methods: chosen, batch: any('1') }), 'batch is "1"; give a whole number of at least 1.'],
    [() => v.Explainer.create({ model, preprocessing }, reference, { methods: chosen, signal: any(new AbortController()) }), 'Explainer.create: options: signal is an AbortController; expected an AbortSignal.'],
    [() => v.preprocessingsOf(any([v.rollout]), preprocessing), 'preprocessingsOf: the list of methods is [an object]; expected a list as chooseMethods gives it.'],
    [() => v.makeReady(picture, any(preprocessing)), 'makeReady: the list of preprocessings is an object; expected a list of preprocessings.'],
    [() => v.planMaps(any({}), chosen, { batch: 1, targets: 1, ranks: 1 }), 'planMaps: the model is an object; expected a VisionTransformer.'],
    [() => v.drawMap(picture, any(map)), 'drawMap: the map: method is undefined; expected a method, such as rollout.'],
  ],
  experiments: [
    [() => v.parseParts(any(5), v.sizesOf(model.config)), 'parseParts: the text is 5; expected a text.'],
    [() => v.parseParts('blocks.0', any({})), 'The model: depth is undefined; expected a whole number of at least 1.'],
    [() => v.ablationInput('a', 1, any({})), 'The model: depth is undefined; expected a whole number of at least 1.'],
    [() => v.ablationInput('a', 1, v.sizesOf(model.config)).values([any({ parts: [1], by: 'max' })]), 'The ablation: by is "max"; expected one of: zero, mean.'],
    [() => v.ablationInput('a', 1, v.sizesOf(model.config)).values([any({ parts: 1, by: 'zero' })]), 'The list of ablated parts is 1; expected parts from 0 to 23.'],
    [() => v.Occluder.create(any({ model }), reference), 'Occluder.create: the model: preprocessing is undefined; expected an object.'],
    [() => v.Occluder.create({ model, preprocessing }, any()), 'Occluder.create: the backend is undefined; expected a backend, such as that in what openBackend gives.'],
    [() => v.Occluder.create({ model, preprocessing }, reference, { window: 0 }), 'window is 0; give a whole number of patches from 1 to 4.'],
    [() => v.Occluder.create({ model, preprocessing }, reference, { fill: any('pink') }), 'fill is "pink"; choose one of: grey, mean, blur.'],
    [() => v.Occluder.create({ model, preprocessing }, reference, { together: 0 }), 'together is 0; expected a whole number of at least 1.'],
    [() => v.HeadKnockOuts.create({ model, preprocessing }, reference, { by: any('max') }), 'HeadKnockOuts.create: by is "max"; expected one of: zero, mean.'],
    [() => v.LayerTensors.create({ model, preprocessing }, reference, any(['heads'])), 'LayerTensors.create: the list is ["heads"]; expected a list of names: attention, gradient, tokens.'],
  ],
  pictures: [
    [() => v.preprocess(any('cat.png'), preprocessing), 'preprocess: the picture is "cat.png"; expected an object with width, height, data.'],
    [() => v.preprocess(rgba, preprocessing), 'preprocess: the picture of 4x4 pixels has 64 bytes; expected three a pixel, red, green and blue, which flattenOverWhite makes of others.'],
    [() => v.preprocess({ ...picture, data: any([0, 0, 0]) }, preprocessing), 'preprocess: the picture: data is [0, 0, 0]; expected a Uint8Array.'],
    [() => v.preprocess(picture, any({ ...preprocessing, fit: 'stretch' })), 'preprocess: the preprocessing: fit is "stretch"; expected one of: crop, cover, squash.'],
    [() => v.preprocess(picture, any({ ...preprocessing, std: [0.5] })), 'preprocess: the preprocessing: std is [0.5]; expected a list of three numbers, or of one.'],
    [() => v.preprocess(picture, { ...preprocessing, mean: [0.5] }), 'preprocess: the preprocessing: std is [0.5, 0.5, 0.5]; expected a list of three numbers, or of one.'],
    [() => v.preprocess(picture, any({ ...preprocessing, mean: [0.5, '0.5', 0.5] })), 'preprocess: the preprocessing: mean is [0.5, "0.5", 0.5]; expected a list of three numbers, or of one.'],
    [() => v.preprocess(picture, { ...preprocessing, mean: [0.5, 0.5], std: [0.5, 0.5] }), 'preprocess: the preprocessing: mean is [0.5, 0.5]; expected a list of three numbers, or of one.'],
    [() => v.preprocess(picture, any({ ...preprocessing, mean: 0.5 })), 'preprocess: the preprocessing: mean is 0.5; expected a list of three numbers, or of one.'],
    [() => v.preprocess(picture, any({ ...preprocessing, size: [32, 32, 3] })), 'preprocess: the preprocessing: size is [32, 32, 3]; expected a whole number of at least 1, or height and width, such as [224, 224].'],
    [() => v.preprocess(picture, { ...preprocessing, size: [32, 0] }), 'preprocess: the preprocessing: size is [32, 0]; expected a whole number of at least 1, or height and width, such as [224, 224].'],
    [() => v.preprocess(picture, any({ ...preprocessing, size: '32' })), 'preprocess: the preprocessing: size is "32"; expected a whole number of at least 1, or height and width, such as [224, 224].'],
    [() => v.pictureValues(picture, [0, 0], [1, 1]), 'pictureValues: mean is [0, 0]; expected a list of three numbers, or of one.'],
    [() => v.overlay(picture, { ...map, grid: any([2, 2, 1]) }, geometry), 'overlay: the map: grid is [2, 2, 1]; expected rows and columns, such as [14, 14].'],
    [() => v.overlay(picture, { ...map, grid: [4, 0.5] }, geometry), 'overlay: the map: grid is [4, 0.5]; expected rows and columns, such as [14, 14].'],
    [() => v.overlay(picture, map, any({ ...geometry, original: { width: 4 } })), "overlay: the geometry's original: height is undefined; expected a finite number above 0."],
    [() => v.overlay(picture, map, any({ ...geometry, resized: {} })), "overlay: the geometry's resized: width is undefined; expected a finite number above 0."],
    [() => v.overlay(picture, map, any({ ...geometry, crop: { width: 4, height: 4, y: 0 } })), "overlay: the geometry's crop: x is undefined; expected a finite number."],
    [() => v.overlay(rgba, map, geometry), 'overlay: the picture of 4x4 pixels has 64 bytes; expected three a pixel, red, green and blue, which flattenOverWhite makes of others.'],
    [() => v.resize(rgba, 2, 2), 'resize: the picture of 4x4 pixels has 64 bytes; expected three a pixel, red, green and blue, which flattenOverWhite makes of others.'],
    [() => v.maskOfPicture(rgba), 'maskOfPicture: the picture of 4x4 pixels has 64 bytes; expected three a pixel, red, green and blue, which flattenOverWhite makes of others.'],
    [() => v.preprocess(picture, { ...preprocessing, interpolation: any('nearest') }), 'The interpolation is "nearest"; expected one of: bicubic, bilinear, lanczos.'],
    [() => v.scenesPreprocessing(any('32')), 'scenesPreprocessing: the size is "32"; expected a whole number of at least 1.'],
    [() => v.resize(picture, any('2'), 2), 'Cannot resize a picture to "2"x2: sizes are whole numbers above zero.'],
    [() => v.pictureValues(rgba, [0, 0, 0], [1, 1, 1]), 'pictureValues: the picture of 4x4 pixels has 64 bytes; expected three a pixel, red, green and blue, which flattenOverWhite makes of others.'],
    [() => v.maskOfPicture(any()), 'maskOfPicture: the picture is undefined; expected an object with width, height, data.'],
    [() => v.flattenOverWhite(new Uint8Array(16), 3, 2, 2), 'flattenOverWhite: 16 bytes are no picture of 2x2 pixels with 3 channels; give 1 to 4 channels, and a byte for each of every pixel.'],
    [() => v.captioned(any(NaN), 'text'), 'captioned: the picture is NaN; expected an object with width, height, data.'],
    [() => v.captioned(picture, any(3)), 'captioned: the text is 3; expected a text.'],
    [() => v.rasterise(any(picture)), 'rasterise: the drawing: pictures is undefined; expected a list.'],
    [() => v.drawPanel(any({ title: 'a', document: {}, maps: [] })), 'drawPanel: the content: maps is []; expected a list of at least one map.'],
    [() => v.drawPanel(any({ title: 'a', picture, document: { explanations: [] }, maps: [map] })), 'drawPanel: the document tells of 0 maps, and there are 1; give those that it tells of.'],
    [() => v.drawSheet(any({ title: 'a', geometry: {}, rows: [[]], scale: 'all' })), 'drawSheet: the sheet: rows is [a list]; expected a list of rows, each of at least one map.'],
    [() => v.drawSheet(any({ title: 'a', geometry: {}, rows: [[map]], scale: 'none' })), "drawSheet: the sheet: scale is \"none\"; expected 'map', 'row', 'all'."],
    [() => v.colormap(any(3)), `There is no colour map 3; choose one of ${v.colormapNames.join(', ')}.`],
    [() => v.seenArea(any({})), 'seenArea: the geometry: original is undefined; expected an object.'],
    [() => v.overlay(picture, map, geometry, { opacity: any('1') }), 'The opacity "1" makes no sense: give a number from 0 to 1.'],
    [() => v.overlay(picture, { ...map, grid: any(2) }, geometry), 'overlay: the map: grid is 2; expected rows and columns, such as [14, 14].'],
    [() => v.overlay(picture, { ...map, values: any('abcd') }, geometry), 'overlay: the map: values is "abcd"; expected an array of numbers.'],
  ],
  measures: [
    [() => v.saliency(any({}), { width: 4, height: 4 }), 'saliency: the map: values is undefined; expected an array of numbers.'],
    [() => v.saliency(map, any(4)), 'saliency: the size is 4; expected an object.'],
    [() => v.saliency(map, { width: any('4'), height: 4 }), 'A map cannot be upsampled to "4"x4 pixels.'],
    [() => v.energy(any(map), mask), 'The map: width is undefined; expected a whole number of at least 1.'],
    [() => v.pointsAt(v.saliency(map, mask), any()), 'The mask is undefined; expected an object with width, height, values.'],
    [() => v.uniformBaseline(any(14)), 'The grid of a baseline is 14; expected rows and columns, such as [14, 14].'],
    [() => v.centreGaussianBaseline([2, 2], any('0.25')), 'The standard deviation of the centre baseline is "0.25"; it must be above 0.'],
    [() => v.randomBaseline([2, 2], any('1')), 'The seed of a baseline is "1"; expected a finite number.'],
  ],
  'files and devices': [
    [() => n.openBackend(any({ device: 3 })), 'There is no device an object; choose one of: auto, webgpu, native, wasm, reference.'],
    [() => n.openBackend('native', any({ thread: 2 })), 'openBackend: there is no option "thread"; there is adapter, threads, lanes.'],
    [() => n.openBackend('native', { threads: 2, lanes: 0 }), 'openBackend: options: lanes is 0; expected a whole number of at least 1.'],
    [() => n.openBackend('native', { threads: 2, lanes: any('2') }), 'openBackend: options: lanes is "2"; expected a whole number of at least 1.'],
    [() => n.openBackend('native', { threads: any('2') }), 'The number of threads is "2"; give a whole number from 1 to 1024.'],
    [() => n.openBackend('auto', { adapter: any(3) }), 'openBackend: options: adapter is 3; expected a text.'],
    [() => n.openBackend('auto', any(null)), 'openBackend: options is null; expected an object with adapter, lanes.'],
    [() => n.openNative(1, any(5)), 'openNative: the name of the kernels is 5; expected a text.'],
    [() => n.openWebGPU(any(3)), 'openWebGPU: the adapter is 3; expected a text.'],
    [() => n.loadModel(any('deit_tiny_patch16_224')), 'The model is "deit_tiny_patch16_224"; expected an object with name, weights, labels.'],
    [() => n.loadModel(any({ model: 'x' })), 'The model: there is no option "model"; there is name, weights, imageSize, labels.'],
    [() => n.readPicture(any(picture)), 'readPicture takes the path of a picture file, not an object; write bytes to a file first.'],
    [() => n.writePng('/nowhere', rgba), 'encodePng: the picture of 4x4 pixels has 64 bytes; expected three a pixel, red, green and blue, which flattenOverWhite makes of others.'],
    [() => n.writeFileAtomically(any(3), 'x'), 'The list of files to write is [an object]; expected paths with bytes or text.'],
    [() => n.readTuning('x', any(3)), 'The file of measured kernels is 3; expected a text.'],
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
    [{ x: '123456' }, 'run: input "x" is "123456"; expected a Float32Array or Float64Array.'],
    [{ x: [1, 2, 3, 4, 5, 6] }, 'run: input "x" is [1, 2, 3, 4, 5, 6]; expected a Float32Array or Float64Array.'],
    [{ x: new Uint8Array(6) }, 'run: input "x" is a Uint8Array; expected a Float32Array or Float64Array.'],
    [{ x: null }, 'run: input "x" is null; expected a Float32Array or Float64Array.'],
    [given.x, 'run: inputs is a Float32Array; expected arrays by name, such as { x }.'],
    [null, 'run: inputs is null; expected arrays by name, such as { x }.'],
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
    ['a picture that is not made ready', [picture], [one], /^explain: pictures is \[an object\]; expected a list with a list for each picture\.$/],
    ['one picture instead of a list', picture, [one], /^explain: pictures is an object; expected a list with a list for each picture\.$/],
    ['a class instead of targets', 'ready', 1, /^explain: targets is 1; expected a list with a list for each picture\.$/],
    ['a list of targets instead of a list for each picture', 'ready', one, /^explain: targets is \[an object\]; expected a list with a list for each picture\.$/],
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
