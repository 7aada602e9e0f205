// Checks an SDL file with graphql-js, the reference implementation: it parses, it is a valid schema, every type is described.
// Run: node check.mjs ../../schema.graphql   (graphql 16 runs on Node 18, which is what Debian 12 has)

import { buildSchema, isIntrospectionType, isSpecifiedScalarType, validateSchema } from 'graphql';
import { readFileSync } from 'node:fs';

const [path] = process.argv.slice(2);
if (!path) {
  console.error('usage: node check.mjs SCHEMA.graphql');
  process.exit(2);
}

/** Every fault found, each with its place where graphql-js knows one. */
function faults(sdl) {
  let schema;
  try {
    schema = buildSchema(sdl);
  } catch (error) {
    return [place(error)];
  }
  const invalid = validateSchema(schema).map(place);
  const bare = Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .filter((type) => !type.description?.trim())
    .map((type) => `type \`${type.name}\` has no description: describe it where the schema is built`);
  return [...invalid, ...bare];
}

function place({ message, locations }) {
  const [at] = locations ?? [];
  return at ? `line ${at.line}, column ${at.column}: ${message}` : message;
}

const found = faults(readFileSync(path, 'utf8'));
found.forEach((fault) => console.error(`${path}: ${fault}`));
if (found.length > 0) {
  console.error(`${found.length} fault(s) in ${path}`);
  process.exit(1);
}
console.log(`${path} is a valid schema, and every type in it is described`);
