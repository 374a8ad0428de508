import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';
import { packageFolder } from './cli/command.js';

const dist = join(packageFolder, 'dist');
const barrels = ['.', 'train', 'node', 'web'].map((room) => join(dist, room, 'index.d.ts'));

const program = ts.createProgram(barrels, { module: ts.ModuleKind.NodeNext, skipLibCheck: true });
const checker = program.getTypeChecker();

test('every type that a public signature names can be imported', () => {
  const exported = new Set(barrels.flatMap(exportsOf));
  expect([...exported].map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Tensor', 'Batch', 'loadModel']),
  );
  const missing = new Set<string>();
  for (const symbol of exported) {
    for (const named of symbolsNamedBy(symbol)) {
      const declaration = named.declarations?.find(isOurs);
      if (!declaration || isMember(declaration) || exported.has(named)) continue;
      const file = relative(dist, declaration.getSourceFile().fileName);
      missing.add(`${named.name} of ${file}, which ${symbol.name} names`);
    }
  }
  expect([...missing].sort()).toEqual([]);
});

function exportsOf(file: string): readonly ts.Symbol[] {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
  return checker.getExportsOfModule(module).map(itself);
}

/** What an imported or renamed name stands for. */
function itself(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** All that its declarations name, but for what nobody outside sees. */
function symbolsNamedBy(symbol: ts.Symbol): readonly ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const look = (node: ts.Node): void => {
    if (isPrivate(node) || givesNamesOnly(node)) return;
    const named = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
    if (named) found.push(itself(named));
    ts.forEachChild(node, look);
  };
  symbol.declarations?.filter(isOurs).forEach(look);
  return found;
}

function isOurs(node: ts.Node): boolean {
  return !relative(dist, node.getSourceFile().fileName).startsWith('..');
}

function isPrivate(node: ts.Node): boolean {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
}

/** Of what `keyof` and `typeof` look at, no value is handed out. */
function givesNamesOnly(node: ts.Node): boolean {
  const isKeyOf = ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.KeyOfKeyword;
  return isKeyOf || ts.isTypeQueryNode(node);
}

/** Members, parameters and type parameters come with what they are declared in. */
function isMember(node: ts.Node): boolean {
  return !ts.isSourceFile(ts.isVariableDeclaration(node) ? node.parent.parent.parent : node.parent);
}
