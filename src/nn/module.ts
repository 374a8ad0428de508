import { UsageError } from '../errors.js';
import { aFunction, aText, described, expectGiven } from '../given.js';
import { observeGradient, Tensor } from '../tensor/index.js';
import { checkTensors } from '../tensor/tensor.js';
import { Parameter } from './parameter.js';
import { notePlace } from './place.js';

/**
 * Sees a module's input and output while the graph is built. What it returns, if anything, takes the output's
 * place: this is how a head is knocked out or an activation patched.
 */
export type ForwardHook = (module: Module, input: Tensor, output: Tensor) => Tensor | undefined;

/**
 * Is given the gradient with respect to a module's output, a lazy tensor like any other, whenever `gradient` is
 * called for something that depends on that output.
 */
export type FullBackwardHook = (module: Module, gradient: Tensor) => void;

/** Undoes a registration; removing twice does nothing. */
export interface HookHandle {
  remove(): void;
}

/**
 * A part of a network: parameters, further modules, and a `forward` that builds its graph. As in PyTorch, the
 * name of a parameter or module is the name of the property that holds it, and a list numbers its members:
 * `blocks.3.attn.qkv`. These names are what checkpoints and hooks use, so they are timm's.
 */
export abstract class Module {
  readonly #forwardHooks = new Set<ForwardHook>();
  readonly #backwardHooks = new Set<FullBackwardHook>();

  /** Builds the graph of this module alone. Callers use `call`, which also runs the hooks. */
  protected abstract forward(x: Tensor): Tensor;

  /** Applies the module, then its forward hooks in the order of registration. */
  call(x: Tensor): Tensor {
    checkTensors('call', x);
    for (const [name, member] of members(this)) {
      if (member instanceof Module || member instanceof Parameter) notePlace(member, this, name);
    }
    let output = this.forward(x);
    // A copy, because a hook may remove itself.
    for (const hook of [...this.#forwardHooks]) output = checked(hook(this, x, output)) ?? output;
    for (const hook of this.#backwardHooks) {
      observeGradient(output, (gradient) => {
        if (this.#backwardHooks.has(hook)) hook(this, gradient);
      });
    }
    return output;
  }

  /** Calls `hook` whenever this module is applied, until the handle is removed. */
  registerForwardHook(hook: ForwardHook): HookHandle {
    expectGiven('The forward hook', hook, aFunction);
    // Wrapped, so that one function registered twice is two registrations.
    const registered: ForwardHook = (...call) => hook(...call);
    this.#forwardHooks.add(registered);
    return { remove: () => this.#forwardHooks.delete(registered) };
  }

  /**
   * Calls `hook` with the gradient with respect to this module's output, for every call of the module after the
   * registration and every `gradient` taken through it, until the handle is removed. The hook makes the output a
   * target: nothing else needs to ask for its gradient.
   */
  registerFullBackwardHook(hook: FullBackwardHook): HookHandle {
    expectGiven('The backward hook', hook, aFunction);
    const registered: FullBackwardHook = (...call) => {
      hook(...call);
    };
    this.#backwardHooks.add(registered);
    return { remove: () => this.#backwardHooks.delete(registered) };
  }

  /** This module under the name '', then all modules inside it, each after the one that holds it. */
  *namedModules(prefix = ''): Generator<[name: string, module: Module]> {
    yield [prefix, this];
    for (const [name, member] of members(this)) {
      if (member instanceof Module) yield* member.namedModules(join(prefix, name));
    }
  }

  /** All parameters of this module and of those inside it. */
  *namedParameters(): Generator<[name: string, parameter: Parameter]> {
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, member] of members(module)) {
        if (member instanceof Parameter) yield [join(prefix, name), member];
      }
    }
  }

  /**
   * The module of that name, as `blocks.3.attn.attn_drop`.
   * @throws UsageError if there is none
   */
  getModule(name: string): Module {
    expectGiven('getModule: the name', name, aText);
    for (const [other, module] of this.namedModules()) if (other === name) return module;
    const parent = name.split('.').slice(0, -1).join('.');
    const siblings = [...this.namedModules()]
      .map(([other]) => other)
      .filter((other) => other !== '' && other.split('.').slice(0, -1).join('.') === parent);
    throw new UsageError(
      `There is no module "${name}"; ${siblings.length > 0 ? `beside it there are ${siblings.join(', ')}` : 'namedModules() lists all names'}.`,
    );
  }
}

/** What a hook has returned: JavaScript lets it be anything. */
function checked(returned: unknown): Tensor | undefined {
  if (returned === undefined || returned === null) return undefined;
  if (returned instanceof Tensor) return returned;
  throw new UsageError(
    `A forward hook returned ${described(returned)}: hooks are called while the graph is built, before there are numbers; ` +
      'return a tensor or nothing, and read numbers by compiling a tensor as an output.',
  );
}

/** The properties of a module that are its parameters and modules; members of lists under their number. */
function members(module: Module): [string, unknown][] {
  return Object.entries(module).flatMap(([name, value]): [string, unknown][] =>
    Array.isArray(value)
      ? value.map((member: unknown, index): [string, unknown] => [join(name, String(index)), member])
      : [[name, value]],
  );
}

function join(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}
