// Writes explanation.schema.json, the JSON Schema of what `explain` tells, from the built package: `npm run build` first. With
// --check it only says whether it is what it should be.
import { readFileSync, writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { documentSchema, schemaVersion } from '../dist/index.js';

const path = new URL('explanation.schema.json', import.meta.url);
const { $schema, ...schema } = toJsonSchema(documentSchema, { typeMode: 'output' });
const text = `${JSON.stringify({ $schema, title: schemaVersion, ...schema }, null, 2)}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(path, text);
} else if (JSON.stringify(JSON.parse(text)) !== JSON.stringify(JSON.parse(readFileSync(path, 'utf8')))) {
  console.error('explanation.schema.json does not say what documents hold: run "npm run format".');
  process.exitCode = 1;
}
