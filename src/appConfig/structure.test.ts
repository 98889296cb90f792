import assert from 'node:assert/strict';
import { findSites, parseSource } from './code.ts';

const msal = "const msal = require('@azure/msal-node');\n";
const auth = "auth: { clientId: process.env.ID, authority: 'https://x', clientSecret: process.env.SECRET }";
const bare = 'auth: { clientId: process.env.ID, clientSecret: process.env.SECRET }';

const found = (text: string) => findSites(parseSource(text, 'server.js')).length;

describe('an object that looks like a configuration', () => {
  for (const [name, text] of Object.entries({
    'a GitHub client beside MSAL Node': `${msal}const { Octokit } = require('@octokit/rest');
const octokit = new Octokit({ authStrategy, ${bare} });`,
    'the same with a constant': `${msal}const { Octokit } = require('@octokit/rest');
const options = { ${bare} };
const octokit = new Octokit(options);`,
    'a Spotify client': `${msal}const SpotifyWebApi = require('spotify-web-api-node');
const api = new SpotifyWebApi({ ${auth} });`,
    'a request': `${msal}const axios = require('axios');
axios.post('https://x', {}, { ${auth} });`,
    'a request by the global fetch': `${msal}fetch('https://x', { ${bare} });`,
    'the credential of @azure/identity, with a constant': `const { ClientSecretCredential } = require('@azure/identity');
const auth = { clientId: process.env.ID, authority: 'https://x', clientSecret: process.env.SECRET };
const credential = new ClientSecretCredential('t', auth.clientId, auth.clientSecret, { authorityHost: auth.authority });`,
    'the credential of @azure/identity beside MSAL Node': `${msal}const { ClientSecretCredential } = require('@azure/identity');
const auth = { clientId: process.env.ID, authority: 'https://x', clientSecret: process.env.SECRET };
const credential = new ClientSecretCredential('t', auth.clientId, auth.clientSecret);`,
  }))
    it(`of another library is left alone: ${name}`, () => assert.equal(found(text), 0));

  for (const [name, text] of Object.entries({
    'handed to a class that is required in place': `new (require('@azure/msal-node').ConfidentialClientApplication)({ ${bare} });`,
    'exported for another file': `module.exports = { ${auth} };`,
    'a constant of a file with MSAL Node': `${msal}const config = { ${bare} };\nmodule.exports = config;`,
    "handed to the app's own class": `${msal}const AuthProvider = require('./AuthProvider');
module.exports = new AuthProvider({ ${bare} });`,
    'handed to a function of the file': `${msal}function make(config) { return new msal.ConfidentialClientApplication(config); }
module.exports = make({ ${bare} });`,
    'handed through a library that merges': `const _ = require('lodash');
module.exports = _.merge(defaults, { ${auth} });`,
    'handed to MSAL Node and to another library': `${msal}const { Octokit } = require('@octokit/rest');
const config = { ${bare} };
new Octokit(config);
module.exports = new msal.ConfidentialClientApplication(config);`,
  }))
    it(`counts as one: ${name}`, () => assert.equal(found(text), 1));
});
