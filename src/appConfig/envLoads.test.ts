import assert from 'node:assert/strict';
import { findEnvLoads } from './envLoads.ts';
import { parseSource } from './parse.ts';
import type { EnvPath } from './paths.ts';

const cwd = (path = '.env'): EnvPath => ({ from: 'cwd', path });
const file = (path: string): EnvPath => ({ from: 'file', path });

describe('loads of .env files in code', () => {
  const cases: [string, EnvPath[][]][] = [
    [`require('dotenv').config();`, [[cwd()]]],
    [`require('dotenv').config({ path: './config/.env' })`, [[cwd('./config/.env')]]],
    [`import 'dotenv/config';`, [[cwd()]]],
    [`require('dotenv/config')`, [[cwd()]]],
    [`import dotenv from 'dotenv'; dotenv.config({ path: '.env.local' });`, [[cwd('.env.local')]]],
    [`import * as dotenv from 'dotenv'\ndotenv.config({ path: ['.env.local', '.env'] })`, [[cwd('.env.local'), cwd()]]],
    [`import { config } from 'dotenv'; config();`, [[cwd()]]],
    [`import { config as load } from 'dotenv'; load();`, [[cwd()]]],
    [`const { config: load } = require('dotenv'); load();`, [[cwd()]]],
    [`import { parse } from 'dotenv'; parse('');`, []],
    [`import dotenv = require('dotenv'); dotenv.config();`, [[cwd()]]],
    [`const { config } = require('dotenv'); config({ path: __dirname + '/.env' })`, [[file('/app/src/.env')]]],
    [
      `const path = require('path'); require('dotenv').config({ path: path.join(__dirname, '..', '.env') })`,
      [[file('/app/.env')]],
    ],
    [`require('dotenv').config({ path: path.join(__dirname, '/.env') })`, [[file('/app/src/.env')]]],
    [`require('dotenv').config({ path: path.resolve(process.cwd(), 'x/.env') })`, [[cwd('x/.env')]]],
    ['const dotenv = require("dotenv"); dotenv.config({ path: `${__dirname}/../.env` })', [[file('/app/.env')]]],
    [`const p = path.resolve(__dirname, '../.env'); require('dotenv').config({ path: p })`, [[file('/app/.env')]]],
    [
      `import dotenv from 'dotenv'; dotenv.config({ path: new URL('../.env', import.meta.url) })`,
      [[file('/app/.env')]],
    ],
    [`process.loadEnvFile();`, [[cwd()]]],
    [`process.loadEnvFile('./dev.env')`, [[cwd('./dev.env')]]],
    [`ConfigModule.forRoot({ isGlobal: true })`, [[cwd()]]],
    [`ConfigModule.forRoot({ envFilePath: ['.env.development', '.env'] })`, [[cwd('.env.development'), cwd()]]],
    [`ConfigModule.forRoot({ ignoreEnvFile: true })`, []],
    [`app.config(); config.config(); function config() {}`, []],
    [`const config = require('convict'); config.config()`, []],
  ];
  for (const [code, expected] of cases) {
    it(code, () => {
      const loads = findEnvLoads(
        parseSource(code, code.includes("= require('dotenv'); dotenv") ? '/app/src/a.ts' : '/app/src/a.js'),
      );
      assert.deepEqual(
        loads.map((load) => load.paths),
        expected,
      );
    });
  }

  it('are known even when the path is computed', () => {
    const code =
      'require("dotenv").config({ path: `.env.${process.env.NODE_ENV}` }); require("dotenv").config({ path: new URL("http://[", import.meta.url) })';
    const loads = findEnvLoads(parseSource(code, '/app/a.js'));
    assert.deepEqual(
      loads.map((load) => load.paths),
      [undefined, undefined],
    );
  });

  it('tell whether values are expanded', () => {
    const expanding = parseSource(`require('dotenv-expand').expand(require('dotenv').config())`, '/app/a.js');
    assert.deepEqual(
      findEnvLoads(expanding).map((load) => load.expands),
      [true],
    );
    assert.equal(findEnvLoads(parseSource(`require('dotenv').config()`, '/a.js'))[0]?.expands, false);
  });
});
