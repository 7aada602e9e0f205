// Builds src/server/graphiql/{graphiql.js,graphiql.css,LICENSES.txt} from the packages that package-lock.json pins.
// Run: npm ci --ignore-scripts && npm run build

import { build } from 'esbuild';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../../src/server/graphiql');
// Ours is the standard text; only the first line, the copyright, is another's.
const MIT = readFileSync(join(here, '../../LICENSE-MIT'), 'utf8').replace(/^[\s\S]*?(?=Permission is hereby granted)/, '').trim();

/** Drops the bundled web fonts (300 kB of base64); own.css names the fonts of the machine instead. */
const withoutFonts = {
  name: 'without-fonts',
  setup(setup) {
    setup.onLoad({ filter: /graphiql[\\/]dist[\\/]style\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/@font-face\s*\{[^}]*\}/g, ''),
      loader: 'css',
    }));
  },
};

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: { graphiql: 'entry.jsx' },
  outdir: out,
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  charset: 'utf8',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none', // LICENSES.txt has them, whole
  plugins: [withoutFonts],
  metafile: true,
  logLevel: 'warning',
});

/** The packages that really went into the bundle: name, version, licence, repository, and the licence's text if shipped. */
function packages() {
  const folders = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1])
    .filter(Boolean);
  return [...new Set(folders)].sort().map((folder) => {
    const root = join(here, folder);
    const { name, version, license, repository, author } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const file = readdirSync(root).find((entry) => /^licen[cs]e([-.].+)?$/i.test(entry));
    const text = file && readFileSync(join(root, file), 'utf8').replace(/[ \t\r]+$/gm, '').trim();
    const home = (repository?.url ?? repository ?? '').replace(/^git\+|\.git$/g, '');
    return { name, version, license, text, home, author: author?.name ?? author };
  });
}

// Published without a licence text, from a repository that has since moved: the sibling that has the text.
const SIBLINGS = { 'react-compiler-runtime': 'react' };

/** A package that ships no text takes that of a sibling from the same repository, or MIT's with its author's name. */
function notice({ name, version, license, text, home, author }, _, all) {
  const sibling = all.find((other) => other.text && (other.name === SIBLINGS[name] || other.home === home))?.text;
  const standard = license === 'MIT' && author ? `Copyright (c) ${author}\n\n${MIT}` : undefined;
  const found = text ?? sibling ?? standard;
  if (!found) throw new Error(`${name} ${version} (${license}) ships no licence text: find it and teach build.mjs`);
  return `${name} ${version} (${license})\n\n${found}\n`;
}

const rule = `\n${'-'.repeat(78)}\n\n`;
const head = 'graphiql.js and graphiql.css are made of the packages below, by scripts/graphiql.\n';
writeFileSync(join(out, 'LICENSES.txt'), [head, ...packages().map(notice)].join(rule));
